package dev.starling.tests.envoy;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/**
 * The real Envoy and Starling where routes retry: what clients get, what each attempt brings to an endpoint, the access log,
 * and what each case changes in the statistics and in the figures of endpoints. Left out, with a line that says so, without Envoy.
 */
@Timeout(600)
class RetrySameAsEnvoyIT extends CaseComparison<RetryUpstreams, RetryCase> {

    private static final List<RetryCase> CASES = RetryCases.all();

    RetrySameAsEnvoyIT() {
        super("retry-bootstrap.yaml");
    }

    @Override
    RetryUpstreams openUpstream() throws IOException {
        return new RetryUpstreams();
    }

    @Override
    Map<String, ?> values() {
        Map<String, Object> values = new HashMap<>(upstream.ports());
        values.put("hosts", new RetryRoutes(CASES).yaml());
        return values;
    }

    @Override
    List<RetryCase> cases() {
        return CASES;
    }

    @Override
    boolean differs(RetryCase each) {
        return KnownDifferences.RETRY_CASES.containsKey(each.name());
    }

    @Override
    String told(RetryCase each, ProxyProcess proxy) throws IOException {
        return RetryTranscript.of(new RetryRoutes(CASES).stage(each, proxy, upstream));
    }
}
