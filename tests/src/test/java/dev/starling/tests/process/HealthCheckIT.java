package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a proxy in front reads when it checks this one's health; Envoy 1.40 sends the same headers. */
@Timeout(60)
class HealthCheckIT {

    private static final String ROUTER = "          - name: router\n";
    private static final String FILTER = """
                      - name: health
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck
                          pass_through_mode: false
                          headers: [{name: ":path", string_match: {exact: /healthz}}]
            """;

    @TempDir
    Path folder;

    @Test
    void namesTheClusterAndFailsAtOnceWhenToldTo() throws Exception {
        String bootstrap = Bootstraps.http(1);
        assertThat(bootstrap).contains(ROUTER);

        try (var starling = StarlingProcess.serve(
                folder, List.of(), bootstrap.replace(ROUTER, FILTER + ROUTER), "--service-cluster", "edge")) {
            assertThat(check(starling))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("\r\nx-envoy-upstream-healthchecked-cluster: edge\r\n")
                    .doesNotContain("x-envoy-immediate-health-check-fail");

            starling.post("/healthcheck/fail");

            assertThat(check(starling))
                    .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                    .contains("\r\nx-envoy-upstream-healthchecked-cluster: edge\r\n")
                    .contains("\r\nx-envoy-immediate-health-check-fail: true\r\n");
        }
    }

    private static String check(StarlingProcess starling) throws Exception {
        InetSocketAddress address = starling.listener("in");
        try (var wire = Wire.connect(address)) {
            return wire.get("/healthz").response();
        }
    }
}
