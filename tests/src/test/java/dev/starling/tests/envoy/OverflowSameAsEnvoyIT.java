package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real Envoy and Starling where circuit breakers let nothing through, and what both say of whole connections: access
 * logs, gauges, the workers' statistics. Left out, with a line that says so, where there is no Envoy.
 */
@Timeout(120)
class OverflowSameAsEnvoyIT {

    private static final List<String> PATHS = List.of("/", "/nothing", "/no-requests", "/no-connections", "/again");

    @TempDir
    Path folder;

    @Test
    void isToldTheSame() throws Exception {
        Path envoy = EnvoyBinary.require(OverflowSameAsEnvoyIT.class);
        try (var upstream = new ScriptedUpstream(false)) {
            upstream.answer("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
            try (var both =
                    BothProxies.start(envoy, folder, "overflow-bootstrap.yaml", Map.of("upstream", upstream.port()))) {
                assertThat(told(both.starling())).isEqualTo(told(both.envoy()));
            }
        }
    }

    private static String told(ProxyProcess proxy) throws IOException {
        StringBuilder told = new StringBuilder().append(stats(proxy)).append('\n');
        for (String path : PATHS) {
            String head = " HTTP/1.1\r\nhost: a\r\nconnection: close\r\n";
            proxy.exchange("in", "GET " + path + head + "\r\n");
            proxy.exchange("in", "POST " + path + head + "content-length: 3\r\n\r\nabc");
            told.append(stats(proxy)).append('\n');
        }
        proxy.exchange("in", "BROKEN\r\n\r\n");
        told.append(proxy.awaitLines("requests.log", 2 * PATHS.size() + 1)).append('\n');
        return told.append(proxy.awaitLines("connections.log", 2 * PATHS.size() + 1))
                .toString();
    }

    private static Map<String, Long> stats(ProxyProcess proxy) throws IOException {
        Map<String, Long> some = new TreeMap<>();
        proxy.stats().forEach((name, value) -> {
            if (value > 0 && (name.endsWith("_open") || name.endsWith("_overflow"))) {
                some.put(name, value);
            }
            if (name.startsWith("listener.in.worker_0.downstream_cx_total")) {
                some.put(name, value);
            }
        });
        return some;
    }
}
