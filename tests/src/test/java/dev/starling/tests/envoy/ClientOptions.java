package dev.starling.tests.envoy;

import java.util.List;

/** Who the client is and what it may tell: addresses, request ids, Envoy's own headers, Via. */
final class ClientOptions {

    private static final String OWN_ANSWER = "HTTP/1.1 200 OK\r\nvia: 1.1 inner\r\nx-request-id: theirs\r\n"
            + "x-envoy-decorator-operation: op\r\ncontent-length: 0\r\n\r\n";

    private ClientOptions() {}

    static List<OptionListener> listeners() {
        return List.of(
                clients("remote-address", "use_remote_address: true"),
                clients("one-hop", "use_remote_address: true\nxff_num_trusted_hops: 1"),
                clients("believing-hops", "xff_num_trusted_hops: 1"),
                clients("skip-append", "use_remote_address: true\nskip_xff_append: true"),
                clients(
                        "internal",
                        "use_remote_address: true\n"
                                + "internal_address_config: {cidr_ranges: [{address_prefix: 127.0.0.0, prefix_len: 8}]}"),
                clients(
                        "loopback-believing",
                        "internal_address_config: {cidr_ranges: [{address_prefix: 127.0.0.0, prefix_len: 8}]}"),
                clients(
                        "internal-believing",
                        "internal_address_config: {cidr_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}"),
                ids("id-in-response", "always_set_request_id_in_response: true"),
                ids("no-id", "generate_request_id: false"),
                ids("no-id-in-response", "generate_request_id: false\nalways_set_request_id_in_response: true"),
                ids("id-at-the-edge", "use_remote_address: true\nalways_set_request_id_in_response: true"),
                ids("id-kept-at-the-edge", "use_remote_address: true\npreserve_external_request_id: true"),
                via());
    }

    private static OptionListener clients(String name, String options) {
        return new OptionListener(name, options)
                .routes("""
                        internal_only_headers: [x-inside]
                        virtual_hosts:
                          - name: all
                            domains: ["*"]
                            routes: [{match: {prefix: "/"}, route: {cluster: up}}]
                        """)
                .get("nobody forwarded", "/up")
                .get("one forwarded", "/up", "x-forwarded-for: 10.1.2.3")
                .get("two forwarded", "/up", "x-forwarded-for: 10.1.2.3, 203.0.113.7")
                .get("three forwarded", "/up", "x-forwarded-for: 1.1.1.1,10.1.2.3 , 203.0.113.7")
                .get("two lines of forwarded", "/up", "x-forwarded-for: 10.1.2.3", "x-forwarded-for: 203.0.113.7")
                .get("ipv6 forwarded", "/up", "x-forwarded-for: 2001:db8::1, 2001:db8::2")
                .get("ipv6 with zeros forwarded", "/up", "x-forwarded-for: 2001:0DB8:0:0::1")
                .get("ipv6 in brackets forwarded", "/up", "x-forwarded-for: [2001:db8::1]:80, [2001:db8::2]")
                .get("port forwarded", "/up", "x-forwarded-for: 10.1.2.3:55, 10.1.2.4:66")
                .get("no address forwarded", "/up", "x-forwarded-for: me, you")
                .get("empty forwarded", "/up", "x-forwarded-for:")
                .get("comma at the end of forwarded", "/up", "x-forwarded-for: 10.1.2.3,")
                .get("https forwarded", "/up", "x-forwarded-proto: https", "x-forwarded-for: 10.1.2.3, 10.1.2.4")
                .get("odd scheme forwarded", "/up", "x-forwarded-proto: ftp")
                .get("host and port forwarded", "/up", "x-forwarded-host: b.test", "x-forwarded-port: 8")
                .get(
                        "envoy's headers",
                        "/up",
                        "x-envoy-internal: true",
                        "x-envoy-external-address: 9.9.9.9",
                        "x-envoy-retry-on: 5xx",
                        "x-envoy-max-retries: 1",
                        "x-envoy-upstream-rq-timeout-ms: 5000",
                        "x-envoy-expected-rq-timeout-ms: 77",
                        "x-envoy-decorator-operation: op",
                        "x-envoy-downstream-service-cluster: c",
                        "x-envoy-downstream-service-node: n",
                        "x-envoy-force-trace: 1",
                        "x-envoy-ip-tags: t",
                        "x-envoy-original-path: /x",
                        "x-envoy-original-host: x",
                        "x-envoy-attempt-count: 5",
                        "x-envoy-peer-metadata: m",
                        "x-inside: 1")
                .get("a header for the inside only", "/up", "x-inside: 1")
                .get("user agent", "/up", "user-agent: me", "x-client-trace-id: t")
                .answered("answer with envoy's headers", OWN_ANSWER);
    }

    private static OptionListener ids(String name, String options) {
        return new OptionListener(name, options)
                .get("none", "/up")
                .get("client's own", "/up", "x-request-id: 0123")
                .get("client's own uuid", "/up", "x-request-id: 00000000-0000-4000-8000-000000000000")
                .get("empty", "/up", "x-request-id:")
                .get("two", "/up", "x-request-id: 1", "x-request-id: 2")
                .get("forced trace", "/up", "x-request-id: 0123", "x-envoy-force-trace: 1")
                .get("direct response", "/direct", "x-request-id: 0123")
                .answered("answer with one", OWN_ANSWER);
    }

    private static OptionListener via() {
        return new OptionListener("via", "via: 1.1 edge")
                .get("none", "/up")
                .get("one", "/up", "via: 1.0 outer")
                .get("two", "/up", "via: 1.0 outer", "via: 1.1 middle")
                .get("direct response", "/direct")
                .get("no route", "/nowhere")
                .answered("answer with one", OWN_ANSWER);
    }
}
