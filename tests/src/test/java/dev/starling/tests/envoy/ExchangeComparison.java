package dev.starling.tests.envoy;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Exchanges of HTTP/1.1, byte by byte, with a listener for each option that is compared. */
abstract class ExchangeComparison extends CaseComparison<ScriptedUpstream, ExchangeCase> {

    private final boolean afterBody;
    private final List<OptionListener> listeners;
    private final Map<String, String> differences;

    /**
     * @param afterBody whether the upstream waits for a chunked body before it answers
     * @param differences the reason by the name of the case
     */
    ExchangeComparison(
            String bootstrapResource,
            boolean afterBody,
            List<OptionListener> listeners,
            Map<String, String> differences) {
        super(bootstrapResource);
        this.afterBody = afterBody;
        this.listeners = listeners;
        this.differences = differences;
    }

    @Override
    final ScriptedUpstream openUpstream() throws IOException {
        return new ScriptedUpstream(afterBody);
    }

    @Override
    final Map<String, ?> values() {
        return OptionListener.values(listeners, upstream);
    }

    @Override
    List<ExchangeCase> cases() {
        return listeners.stream().flatMap(listener -> listener.cases().stream()).toList();
    }

    @Override
    final boolean differs(ExchangeCase each) {
        return differences.containsKey(each.name());
    }

    @Override
    final String told(ExchangeCase each, ProxyProcess proxy) throws IOException {
        return Transcript.of(each, proxy, upstream).toString();
    }
}
