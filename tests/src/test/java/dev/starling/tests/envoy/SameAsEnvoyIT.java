package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real Envoy and Starling on one bootstrap: bytes to the client, bytes to the upstream, access log and statistics are
 * the same, but for what {@link KnownDifferences} lists. Left out, with a line that says so, where there is no Envoy.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SameAsEnvoyIT {

    @TempDir
    static Path folder;

    private ScriptedUpstream upstream;
    private BothProxies proxies;
    private ProxyProcess envoy;
    private ProxyProcess starling;

    @BeforeAll
    void start() throws IOException {
        Path binary = BothProxies.requireEnvoy(SameAsEnvoyIT.class);
        upstream = new ScriptedUpstream();
        String listeners = OptionListeners.all().stream()
                .map(OptionListener::yaml)
                .collect(Collectors.joining())
                .indent(4);
        Map<String, Object> values = Map.of("upstream", upstream.port(), "options", listeners);
        proxies = BothProxies.start(binary, folder, "bootstrap.yaml", values);
        envoy = proxies.envoy();
        starling = proxies.starling();
    }

    @AfterAll
    void stop() throws IOException {
        if (proxies != null) {
            proxies.close();
        }
        if (upstream != null) {
            upstream.close();
        }
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("alike")
    void doesTheSame(ExchangeCase each) throws IOException {
        proxies.assertAlike(proxy -> told(each, proxy));
    }

    @Order(2)
    @Test
    void countsTheSame() throws IOException {
        envoy.post("/reset_counters");
        starling.post("/reset_counters");
        for (ExchangeCase each : alike(ExchangeCases.all())) {
            Transcript.of(each, envoy, upstream);
            Transcript.of(each, starling, upstream);
        }
        assertThat(counted(starling.stats())).isEqualTo(counted(envoy.stats()));
    }

    @Order(3)
    @Test
    void differsWhereItMeansTo() throws IOException {
        for (ExchangeCase each : all()) {
            if (KnownDifferences.CASES.containsKey(each.name())) {
                proxies.assertDifferent(each.name(), proxy -> told(each, proxy));
            }
        }
    }

    private static List<ExchangeCase> all() {
        List<ExchangeCase> all = new ArrayList<>(ExchangeCases.all());
        OptionListeners.all().forEach(listener -> all.addAll(listener.cases()));
        return all;
    }

    private String told(ExchangeCase each, ProxyProcess proxy) throws IOException {
        return Transcript.of(each, proxy, upstream).toString();
    }

    static List<ExchangeCase> alike() {
        return alike(all());
    }

    private static List<ExchangeCase> alike(List<ExchangeCase> cases) {
        return cases.stream()
                .filter(each -> !KnownDifferences.CASES.containsKey(each.name()))
                .toList();
    }

    private static String counted(Map<String, Long> stats) {
        StringBuilder lines = new StringBuilder();
        stats.forEach((name, value) -> {
            if (KnownDifferences.compares(name)) {
                lines.append(name).append(": ").append(value).append('\n');
            }
        });
        return lines.toString();
    }
}
