package dev.starling.tests.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clusters, endpoints, listeners and routes from files that are replaced by moving others into their place. */
@Timeout(60)
class FilesIT {

    @TempDir
    Path folder;

    private void move(String name, String content) throws Exception {
        Path written = Files.writeString(folder.resolve(name + ".next"), content);
        Files.move(written, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private String source(String name) {
        return "{path_config_source: {path: " + folder.resolve(name) + "}}";
    }

    private static String endpoints(int version, int port) {
        return """
                version_info: "%d"
                resources:
                - "@type": type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment
                  cluster_name: upstream
                  endpoints:
                  - lb_endpoints:
                    - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
                """.formatted(version, port);
    }

    @Test
    void serveAndAreTakenUpWhenTheyAreMovedIn() throws Exception {
        var hello = Proxy.upstream("hello");
        var other = Proxy.upstream("other");
        move("cds.yaml", """
                version_info: "1"
                resources:
                - "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster
                  name: upstream
                  type: EDS
                  connect_timeout: 1s
                  eds_cluster_config: {eds_config: %s}
                """.formatted(source("eds.yaml")));
        move("eds.yaml", endpoints(1, hello.getAddress().getPort()));
        move("rds.yaml", """
                version_info: "1"
                resources:
                - "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration
                  name: routes
                  virtual_hosts:
                  - {name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: upstream}}]}
                """);
        move("lds.yaml", """
                version_info: "1"
                resources:
                - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
                  name: in
                  address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                  filter_chains:
                  - filters:
                    - name: http
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                        stat_prefix: http
                        rds: {route_config_name: routes, config_source: %s}
                        http_filters:
                        - name: router
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                """.formatted(source("rds.yaml")));
        String bootstrap =
                "dynamic_resources: {cds_config: " + source("cds.yaml") + ", lds_config: " + source("lds.yaml") + "}\n";

        try (var proxy = Proxy.of(bootstrap).awaitStart()) {
            assertThat(proxy.get("in")).isEqualTo("200 hello");

            move("eds.yaml", endpoints(2, other.getAddress().getPort()));
            await().atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(20))
                    .untilAsserted(() -> assertThat(proxy.get("in")).isEqualTo("200 other"));

            move("eds.yaml", "resources: [{");
            await().atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(20))
                    .untilAsserted(() -> assertThat(proxy.stat("cluster.upstream.update_failure"))
                            .isPositive());
            assertThat(proxy.get("in")).isEqualTo("200 other");
        } finally {
            hello.stop(0);
            other.stop(0);
        }
    }
}
