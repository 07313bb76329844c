package dev.starling.config.proto.shortform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.print.ProtoPrinter;
import dev.starling.config.proto.print.Redaction;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.source.SourceFormat;
import dev.starling.config.proto.support.FieldSupport;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortFormTest {

    @Test
    void expandsAListenerThatNamesACluster() throws Exception {
        assertThat(print("""
                starling {
                  node { id = me, cluster = c }
                  admin = "127.0.0.1:9901"
                  listeners { web { port = 10000, cluster = app, timeout = 1m } }
                  clusters { app { endpoints = ["127.0.0.1:8080", "[::1]:8081", "/run/app.sock"] } }
                }
                """)).isEqualTo("""
                node:
                  id: me
                  cluster: c
                static_resources:
                  listeners:
                  - name: web
                    address:
                      socket_address:
                        address: 0.0.0.0
                        port_value: 10000
                    filter_chains:
                    - filters:
                      - name: envoy.filters.network.http_connection_manager
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: web
                          route_config:
                            name: web
                            virtual_hosts:
                            - name: web
                              domains:
                              - "*"
                              routes:
                              - match:
                                  prefix: /
                                route:
                                  cluster: app
                                  timeout: 60s
                          http_filters:
                          - name: envoy.filters.http.router
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                  clusters:
                  - name: app
                    type: STATIC
                    load_assignment:
                      cluster_name: app
                      endpoints:
                      - lb_endpoints:
                        - endpoint:
                            address:
                              socket_address:
                                address: 127.0.0.1
                                port_value: 8080
                        - endpoint:
                            address:
                              socket_address:
                                address: "::1"
                                port_value: 8081
                        - endpoint:
                            address:
                              pipe:
                                path: /run/app.sock
                admin:
                  address:
                    socket_address:
                      address: 127.0.0.1
                      port_value: 9901
                """);
    }

    @Test
    void keepsTheAdminServerOnLoopbackUnlessToldOtherwise() throws Exception {
        assertThat(print("starling { admin { port = 9901 } }")).contains("address: 127.0.0.1\n");
        assertThat(print("starling { admin { port = 9901, address = \"0.0.0.0\" } }"))
                .contains("address: 0.0.0.0\n");
    }

    @Test
    void expandsTcp() throws Exception {
        assertThat(print("""
                starling {
                  listeners { db { port = 5432, protocol = tcp, cluster = db, idle-timeout = 10m, access-log = /tmp/log } }
                }
                """)).contains("""
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                          stat_prefix: db
                          cluster: db
                          access_log:
                          - name: envoy.access_loggers.file
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                              path: /tmp/log
                          idle_timeout: 600s
                """.indent(0));
    }

    @Test
    void expandsEveryKindOfRoute() throws Exception {
        assertThat(print("""
                starling { listeners { web { port = 1, domains = ["a.example", "b.example"], routes = [
                  { path = /p, respond { status = 204 } }
                  { prefix = /q, redirect { https = true, host = h, port = 8443, path = /r, status = 307 } }
                  { regex = "/x.*", method = POST, clusters { a = 1, b = 3 }, prefix-rewrite = /y, host-rewrite = z }
                ] } } }
                """)).contains("""
                              domains:
                              - a.example
                              - b.example
                              routes:
                              - match:
                                  path: /p
                                direct_response:
                                  status: 204
                              - match:
                                  prefix: /q
                                redirect:
                                  host_redirect: h
                                  path_redirect: /r
                                  response_code: TEMPORARY_REDIRECT
                                  https_redirect: true
                                  port_redirect: 8443
                              - match:
                                  headers:
                                  - name: ":method"
                                    string_match:
                                      exact: POST
                                  safe_regex:
                                    regex: "/x.*"
                                route:
                                  weighted_clusters:
                                    clusters:
                                    - name: a
                                      weight: 1
                                    - name: b
                                      weight: 3
                                  prefix_rewrite: /y
                                  host_rewrite_literal: z
                """.indent(0));
    }

    @Test
    void expandsRetries() throws Exception {
        assertThat(print("""
                starling { listeners {
                  a { port = 1, cluster = x, retry-on = [connect-failure, 5xx], retries = 2, per-try-timeout = 250ms }
                  b { port = 2, routes = [{ cluster = x, retry-on = reset }, { cluster = x, per-try-timeout = 1s }] }
                } }
                """)).contains("""
                                  retry_policy:
                                    retry_on: "connect-failure,5xx"
                                    num_retries: 2
                                    per_try_timeout: 0.250s
                """.indent(0)).contains("""
                                  retry_policy:
                                    retry_on: reset
                              - match:
                """.indent(0)).contains("""
                                  retry_policy:
                                    per_try_timeout: 1s
                """.indent(0));
    }

    @Test
    void expandsAllOfACluster() throws Exception {
        assertThat(print("""
                starling { clusters { a {
                  endpoints = { address = "db.example:1", weight = 2 }
                  lb = random, connect-timeout = 250ms
                  max-connections = 1, max-pending-requests = 2, max-requests = 3, max-retries = 4
                  health-check { path = /h, host = x, interval = 2s }
                  outlier-detection { consecutive-5xx = 5, interval = 1s, base-ejection-time = 1m, max-ejection-percent = 20 }
                } } }
                """)).isEqualTo("""
                static_resources:
                  clusters:
                  - name: a
                    type: STRICT_DNS
                    connect_timeout: 0.250s
                    lb_policy: RANDOM
                    health_checks:
                    - timeout: 1s
                      interval: 2s
                      unhealthy_threshold: 3
                      healthy_threshold: 2
                      http_health_check:
                        host: x
                        path: /h
                    circuit_breakers:
                      thresholds:
                      - max_connections: 1
                        max_pending_requests: 2
                        max_requests: 3
                        max_retries: 4
                    outlier_detection:
                      consecutive_5xx: 5
                      interval: 1s
                      base_ejection_time: 60s
                      max_ejection_percent: 20
                    load_assignment:
                      cluster_name: a
                      endpoints:
                      - lb_endpoints:
                        - endpoint:
                            address:
                              socket_address:
                                address: db.example
                                port_value: 1
                          load_balancing_weight: 2
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:80, , STATIC",
        "localhost:80, , STRICT_DNS",
        "localhost:80, logical-dns, LOGICAL_DNS",
        "127.0.0.1:80, strict-dns, STRICT_DNS"
    })
    void findsTheTypeOfAClusterFromItsEndpoints(String endpoint, String type, Cluster.DiscoveryType expected)
            throws Exception {
        var bootstrap = read("starling { clusters { a { endpoints = [\"" + endpoint + "\"]"
                + (type == null ? "" : ", type = " + type) + " } } }");

        assertThat(bootstrap.getStaticResources().getClusters(0).getType()).isEqualTo(expected);
    }

    @Test
    void mergesWhatStandsBesideIt() throws Exception {
        var bootstrap = read("""
                starling { clusters { a { endpoints = ["127.0.0.1:80"] } } }
                static_resources { clusters = [{ name = b }] }
                """);

        assertThat(bootstrap.getStaticResources().getClustersList())
                .extracting(Cluster::getName)
                .containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "listner {} | a.conf:2: starling.listner: unknown key `listner`, did you mean `listeners`?",
                "admin { prt = 1 } | a.conf:2: starling.admin: needs a `port`\\n"
                        + "a.conf:2: starling.admin.prt: unknown key `prt`, did you mean `port`?",
                "listeners { a { port = 1, cluster = x, routes = [] } } | a.conf:2: starling.listeners.a: takes only one of"
                        + " cluster, routes",
                "listeners { a { port = 1 } } | a.conf:2: starling.listeners.a: needs one of cluster, clusters, routes",
                "listeners { a { cluster = x } } | a.conf:2: starling.listeners.a: needs a `port`",
                "listeners { a { port = [1], cluster = x } } | a.conf:2: starling.listeners.a.port: expected a single value"
                        + " but found a list\\na.conf:2: starling.listeners.a: needs a `port`",
                "listeners { a { port = 1, protocol = udp, cluster = x } } | a.conf:2: starling.listeners.a.protocol: `udp`"
                        + " is none of http, tcp",
                "listeners { a { port = 1, protocol = tcp, routes = [] } } | a.conf:2: starling.listeners.a: needs a"
                        + " `cluster`\\na.conf:2: starling.listeners.a.routes: unknown key `routes`",
                "listeners { a { port = 1, routes = [{ cluster = x, redirect {} }] } } | a.conf:2:"
                        + " starling.listeners.a.routes[0]: takes only one of cluster, redirect",
                "listeners { a { port = 1, routes = [{ cluster = x, timeout = 5 }] } } | a.conf:2:"
                        + " starling.listeners.a.routes[0].timeout: expected a duration such as 250ms, 5s or 1m",
                "listeners { a { port = 1, routes = [{ cluster = x, retries = 2 }] } } | a.conf:2:"
                        + " starling.listeners.a.routes[0]: retries needs retry-on beside it",
                "listeners { a { port = 1, routes = [{ cluster = x, retry-on = [reset, []] }] } } | a.conf:2:"
                        + " starling.listeners.a.routes[0].retry-on: expected a single value but found a list",
                "listeners { a { port = 1, routes = [{ redirect { status = 300 } }] } } | a.conf:2:"
                        + " starling.listeners.a.routes[0].redirect.status: `300` is none of 301, 302, 303, 307, 308",
                "listeners { a { port = 1, virtual-hosts { \"x.y\" { clustr = c } } } } | a.conf:2:"
                        + " starling.listeners.a.virtual-hosts.\"x.y\": needs one of cluster, clusters, routes\\na.conf:2:"
                        + " starling.listeners.a.virtual-hosts.\"x.y\".clustr: unknown key `clustr`, did you mean `cluster`?",
                "clusters { a = 5 } | a.conf:2: starling.clusters.a: expected an object but found a number",
                "clusters { a { endpoints = [x] } } | a.conf:2: starling.clusters.a.endpoints: expected host:port or the"
                        + " path of a socket but found `x`",
                "clusters { a { endpoints = [5] } } | a.conf:2: starling.clusters.a.endpoints: expected host:port or the"
                        + " path of a socket but found `5`",
                "clusters { a { lb = ring-hash } } | a.conf:2: starling.clusters.a.lb: `ring-hash` is none of"
                        + " least-request, random, round-robin",
            })
    void tellsWhatIsWrongAndWhere(String inside, String problems) {
        var refused = catchThrowableOfType(InvalidConfigException.class, () -> read("starling {\n" + inside + "\n}"));

        assertThat(refused.problems())
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(problems.replace("\\n", "\n").split("\n"));
    }

    @Test
    void tellsWhatTheRulesSayAtTheShortFormsPlace() {
        var refused = catchThrowableOfType(
                InvalidConfigException.class,
                () -> read("starling {\n listeners { a {\n  port = 99999\n  cluster = x } }\n}"));

        assertThat(refused)
                .hasMessage("a.conf:3: static_resources.listeners[0].address.socket_address.port_value: must be at most"
                        + " 65535");
    }

    @ParameterizedTest
    @CsvSource({"250ms, 0.25s", "5s, 5s", "1.5 seconds, 1.5s", "1 minute, 60s", "2h, 7200s", "100ms, 0.1s"})
    void takesDurationsAsPeopleWriteThem(String text, String seconds) {
        assertThat(ShortDuration.seconds(text)).contains(seconds);
    }

    @ParameterizedTest
    @CsvSource({"5", "s", "-5s", "5 parsecs", "1e3s", "99999999999s"})
    void takesNothingElseForADuration(String text) {
        assertThat(ShortDuration.seconds(text)).isEmpty();
    }

    private static String print(String text) throws InvalidConfigException {
        return ProtoPrinter.yaml(read(text), Redaction.NONE);
    }

    private static Bootstrap read(String text) throws InvalidConfigException {
        var checked = new ConfigReader(FieldSupport.builtIn(), Map.of())
                .read(
                        Bootstrap.getDefaultInstance(),
                        List.of(ConfigText.of("a.conf", SourceFormat.HOCON, text)),
                        UnknownFields.REJECT);
        checked.problems().throwIfAny();
        return checked.message();
    }
}
