package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.TlsCluster.TRUST;

import java.util.ArrayList;
import java.util.List;

/** What endpoints are asked and shown, and what becomes of requests to those that are not what they should be. */
final class TlsUpstreamCases {

    private static final String LISTENER = "to-tls";
    private static final String CLIENT = "tls_certificates: [" + TlsListener.files("good") + "]";

    private TlsUpstreamCases() {}

    static List<TlsListener> listeners() {
        return List.of(TlsListener.common(LISTENER, TlsListener.SERVER));
    }

    private static String common(String fields) {
        return "common_tls_context: {" + fields + "}";
    }

    private static String named(String name) {
        return TRUST + ", match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: \"" + name + "\"}}]}";
    }

    static List<TlsCluster> clusters() {
        return List.of(
                new TlsCluster("unchecked", "plain", ""),
                new TlsCluster("checked", "plain", common(TRUST + "}")),
                new TlsCluster("named", "plain", common(named("server.example.com"))),
                new TlsCluster("misnamed", "plain", common(named("other.example.com"))),
                new TlsCluster("strange", "strange", common(TRUST + "}")),
                new TlsCluster("old", "old", common(TRUST + "}")),
                new TlsCluster("old-allowed", "old", common(TRUST + ", allow_expired_certificate: true}")),
                new TlsCluster(
                        "strange-allowed", "strange", common(TRUST + ", trust_chain_verification: ACCEPT_UNTRUSTED}")),
                new TlsCluster("shows", "asking", common(TRUST + "}, " + CLIENT)),
                new TlsCluster("shows-nothing", "asking", common(TRUST + "}")),
                new TlsCluster("newest", "newest", common(TRUST + "}")),
                new TlsCluster(
                        "newest-allowed",
                        "newest",
                        common(TRUST + "}, tls_params: {tls_maximum_protocol_version: TLSv1_3}")),
                new TlsCluster("sni", "plain", "sni: sni.example.com\n" + common(TRUST + "}")),
                new TlsCluster("host-sni", "plain", "auto_host_sni: true\n" + common(TRUST + "}")),
                new TlsCluster(
                        "san-by-sni",
                        "plain",
                        "sni: server.example.com\nauto_sni_san_validation: true\n" + common(TRUST + "}")),
                new TlsCluster(
                        "san-by-wrong-sni",
                        "plain",
                        "sni: other.example.com\nauto_sni_san_validation: true\n" + common(TRUST + "}")),
                new TlsCluster("offers", "plain", common(TRUST + "}, alpn_protocols: [h2, http/1.1]")),
                new TlsCluster("rsa", "rsa", common(TRUST + "}")),
                new TlsCluster("no-sessions", "plain", "max_session_keys: 0\n" + common(TRUST + "}")),
                new TlsCluster("auto-sni", "plain", common(TRUST + "}"), names("auto_sni: true")),
                new TlsCluster(
                        "auto-sni-and-sni",
                        "plain",
                        "sni: sni.example.com\n" + common(TRUST + "}"),
                        names("auto_sni: true")),
                new TlsCluster("auto-san", "plain", common(TRUST + "}"), names("auto_san_validation: true")),
                new TlsCluster(
                        "auto-both", "plain", common(TRUST + "}"), names("auto_sni: true, auto_san_validation: true")),
                new TlsCluster(
                        "auto-both-named",
                        "plain",
                        common(named("server.example.com")),
                        names("auto_sni: true, auto_san_validation: true")),
                new TlsCluster(
                        "auto-by-header",
                        "plain",
                        common(TRUST + "}"),
                        names("auto_sni: true, auto_san_validation: true, override_auto_sni_header: \"X-Name\"")),
                new TlsCluster("auto-unchecked", "plain", "", names("auto_sni: true, auto_san_validation: true")),
                new TlsCluster(
                        "downstream", "plain", common(TRUST + "}"), options("use_downstream_protocol_config: {}")),
                new TlsCluster("auto", "plain", common(TRUST + "}"), options("auto_config: {}")),
                matched("matched", "kind: a", "{name: a, match: {kind: a}, " + socket("server.example.com") + "}"),
                matched("matched-not", "kind: b", "{name: a, match: {kind: a}, " + socket("server.example.com") + "}"),
                matched("matched-bare", "", "{name: a, match: {kind: a}, " + socket("server.example.com") + "}"),
                matched("matched-any", "", "{name: any, " + socket("server.example.com") + "}"),
                matched(
                        "matched-all",
                        "kind: a, more: true",
                        "{name: ab, match: {kind: a, more: true}, " + socket("server.example.com") + "}"),
                matched(
                        "matched-half",
                        "kind: a",
                        "{name: ab, match: {kind: a, more: true}, " + socket("server.example.com") + "}"),
                matched(
                        "matched-first",
                        "kind: a, more: 1",
                        "{name: first, match: {kind: a}, " + socket("server.example.com")
                                + "}, {name: second, match: {more: 1}, " + socket("third.example.com") + "}"),
                matched(
                        "matched-raw",
                        "kind: raw",
                        "{name: raw, match: {kind: raw}, transport_socket: {name: raw, typed_config: {\"@type\":"
                                + " type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}}}"));
    }

    /** Whose own socket expects another name than the endpoint has. */
    private static TlsCluster matched(String name, String metadata, String matches) {
        return new TlsCluster(
                name,
                "plain",
                common(named("other.example.com")),
                "transport_socket_matches: [" + matches + "]",
                metadata);
    }

    private static String socket(String name) {
        return "transport_socket: {name: tls, typed_config: {\"@type\":"
                + " type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, "
                + common(named(name)) + "}}";
    }

    private static String names(String fields) {
        return options(
                "upstream_http_protocol_options: {" + fields + "}, explicit_http_config: {http_protocol_options: {}}");
    }

    private static String options(String fields) {
        return "typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"
                + "\"@type\": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, " + fields
                + "}}";
    }

    static List<TlsCase> cases() {
        List<TlsCase> cases = new ArrayList<>();
        for (TlsCluster cluster : clusters()) {
            cases.add(to(cluster.name(), "a.example.com"));
            if (cluster.name().startsWith("auto")) {
                cases.add(to(cluster.name(), "server.example.com"));
                cases.add(to(cluster.name(), "Server.Example.com:8443"));
                cases.add(to(cluster.name(), "127.0.0.1:80"));
                cases.add(to(cluster.name(), "[::1]:80"));
                cases.add(to(cluster.name(), "a.example.com\r\nx-name: server.example.com"));
                cases.add(to(cluster.name(), "a.example.com\r\nx-name: b.example.com:99"));
                cases.add(to(cluster.name(), "server.example.com\r\nx-name: "));
            }
        }
        return cases;
    }

    private static TlsCase to(String cluster, String host) {
        return new TlsCase(
                LISTENER,
                "to " + cluster + " as " + host,
                address -> new TlsPeer()
                        .visit(
                                address,
                                "GET / HTTP/1.1\r\nhost: " + host + "\r\nx-cluster: " + cluster
                                        + "\r\nconnection: close\r\n\r\n"));
    }
}
