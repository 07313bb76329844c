package dev.starling.tests.process;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Bootstraps of one listener {@code in} and one cluster {@code up}. */
final class Bootstraps {

    private Bootstraps() {}

    static String http(int... endpoints) {
        return http("", endpoints);
    }

    /** @param routeSettings further fields of the route's action in flow style */
    static String http(String routeSettings, int... endpoints) {
        String lbEndpoints = Arrays.stream(endpoints)
                .mapToObj("{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}"::formatted)
                .collect(Collectors.joining(", "));
        return """
                admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
                static_resources:
                  listeners:
                  - name: in
                    address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                    filter_chains:
                    - filters:
                      - name: http
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: ingress
                          route_config:
                            virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes: [{match: {prefix: /}, route: {cluster: up%s}}]
                          http_filters:
                          - name: router
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                  clusters:
                  - name: up
                    load_assignment: {cluster_name: up, endpoints: [{lb_endpoints: [%s]}]}
                """.formatted(routeSettings.isEmpty() ? "" : ", " + routeSettings, lbEndpoints);
    }

    /** TCP, of which a connection may hold so many bytes in either direction. */
    static String tcp(int bufferBytes, int endpoint) {
        return """
                admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
                static_resources:
                  listeners:
                  - name: in
                    address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                    per_connection_buffer_limit_bytes: %1$d
                    filter_chains:
                    - filters:
                      - name: tcp
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                          stat_prefix: tcp
                          cluster: up
                  clusters:
                  - name: up
                    per_connection_buffer_limit_bytes: %1$d
                    load_assignment: {cluster_name: up, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %2$d}}}}]}]}
                """.formatted(bufferBytes, endpoint);
    }
}
