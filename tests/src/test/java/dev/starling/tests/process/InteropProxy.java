package dev.starling.tests.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** gRPC's test server behind Starling, with HTTP/2 on both sides: once in the clear, once over TLS from the client. */
final class InteropProxy implements AutoCloseable {

    private static final String LISTENER = """
              - name: %1$s
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - transport_socket: %2$s
                  filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: %1$s
                      route_config:
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes: [{match: {prefix: /}, route: {cluster: %1$s, timeout: 0s}}]
                      http_filters:
                      - name: stats
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.grpc_stats.v3.FilterConfig
                          stats_for_all_methods: true
                      - name: router
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            """;

    private static final String CLUSTER = """
              - name: %1$s
                transport_socket: %2$s
                typed_extension_protocol_options:
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                    "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                    explicit_http_config: {http2_protocol_options: {}}
                load_assignment: {cluster_name: %1$s, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %3$d}}}}]}]}
            """;

    private static final String CLEAR =
            "{name: raw, typed_config: {\"@type\": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}}";

    private final InteropServer clear;
    private final StarlingProcess starling;

    private InteropProxy(InteropServer clear, StarlingProcess starling) {
        this.clear = clear;
        this.starling = starling;
    }

    static InteropProxy start(Path folder, InteropCertificates certificates) throws IOException {
        InteropServer clear = InteropServer.clear();
        String ofClients = tls(
                "DownstreamTlsContext, common_tls_context: {alpn_protocols: [h2], tls_certificates: [{certificate_chain: {filename: \"%s\"}, private_key: {filename: \"%s\"}}]}"
                        .formatted(certificates.certificate(), certificates.key()));
        try {
            return new InteropProxy(
                    clear,
                    StarlingProcess.serve(
                            folder,
                            List.of(),
                            "admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}\n"
                                    + "static_resources:\n  listeners:\n"
                                    + LISTENER.formatted("clear", CLEAR)
                                    + LISTENER.formatted("secure", ofClients)
                                    + "  clusters:\n"
                                    + CLUSTER.formatted("clear", CLEAR, clear.port())
                                    + CLUSTER.formatted("secure", CLEAR, clear.port())));
        } catch (IOException | RuntimeException | AssertionError failure) {
            clear.close();
            throw failure;
        }
    }

    private static String tls(String context) {
        return "{name: tls, typed_config: {\"@type\": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3."
                + context + "}}";
    }

    InetSocketAddress listener(String name) throws IOException {
        return starling.listener(name);
    }

    long stat(String name) throws IOException {
        return starling.stat(name);
    }

    @Override
    public void close() {
        starling.close();
        clear.close();
    }
}
