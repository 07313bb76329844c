package dev.starling.tests.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * gRPC's test server behind Starling, with HTTP/2 on both sides, each of them in the clear and over TLS. Deadlines of calls
 * to any host are the client's alone: where the server's passes first, because the client's timer is late, Envoy's codes
 * (UNAVAILABLE, RST_STREAM with INTERNAL_ERROR) do not say so, and a case would fail by chance.
 */
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
                        validate_clusters: false
                        virtual_hosts:
                        - name: nobody
                          domains: [nobody.test]
                          routes: [{match: {prefix: /}, route: {cluster: nobody}}]
                        - name: brief
                          domains: [brief.test]
                          routes: [{match: {prefix: /}, route: {cluster: %3$s, max_stream_duration: {max_stream_duration: 0.2s}}}]
                        - name: all
                          domains: ["*"]
                          request_headers_to_remove: [grpc-timeout]
                          routes: [{match: {prefix: /}, route: {cluster: %3$s, timeout: 0s}}]
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
    private final InteropServer secure;
    private final StarlingProcess starling;

    private InteropProxy(InteropServer clear, InteropServer secure, StarlingProcess starling) {
        this.clear = clear;
        this.secure = secure;
        this.starling = starling;
    }

    static InteropProxy start(Path folder, InteropCertificates certificates) throws IOException {
        InteropServer clear = InteropServer.clear();
        InteropServer secure = InteropServer.secure(certificates);
        String ofClients = tls(
                "DownstreamTlsContext, common_tls_context: {alpn_protocols: [h2], tls_certificates: [{certificate_chain: {filename: \"%s\"}, private_key: {filename: \"%s\"}}]}"
                        .formatted(certificates.certificate(), certificates.key()));
        String ofEndpoints = tls(
                "UpstreamTlsContext, sni: %1$s, common_tls_context: {validation_context: {trusted_ca: {filename: \"%2$s\"}, match_typed_subject_alt_names: [{san_type: DNS, matcher: {suffix: .test.google.fr}}]}}"
                        .formatted(InteropCertificates.NAME, certificates.authority()));
        try {
            return new InteropProxy(
                    clear,
                    secure,
                    StarlingProcess.serve(
                            folder,
                            List.of(),
                            "admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}\n"
                                    + "static_resources:\n  listeners:\n"
                                    + LISTENER.formatted("clear", CLEAR, "clear")
                                    + LISTENER.formatted("secure", ofClients, "clear")
                                    + LISTENER.formatted("clear-to-secure", CLEAR, "secure")
                                    + LISTENER.formatted("secure-to-secure", ofClients, "secure")
                                    + "  clusters:\n"
                                    + CLUSTER.formatted("clear", CLEAR, clear.port())
                                    + "  - {name: nobody, load_assignment: {cluster_name: nobody}}\n"
                                    + CLUSTER.formatted("secure", ofEndpoints, secure.port())));
        } catch (IOException | RuntimeException | AssertionError failure) {
            clear.close();
            secure.close();
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
        secure.close();
    }
}
