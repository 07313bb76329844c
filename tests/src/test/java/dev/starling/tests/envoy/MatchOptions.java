package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.ExchangeCase.OK;
import static dev.starling.tests.envoy.OptionListener.closing;

import java.util.List;

/** Which route takes a request: paths, headers, query parameters, fractions, TLS demanded. */
final class MatchOptions {

    private MatchOptions() {}

    static List<OptionListener> listeners() {
        return List.of(
                paths(),
                headers(),
                queries(),
                fractions(),
                tls("tls-all", "ALL"),
                tls("tls-external", "EXTERNAL_ONLY"));
    }

    private static OptionListener paths() {
        OptionListener listener = new OptionListener("match-path", "").routes("""
                virtual_hosts:
                  - name: all
                    domains: ["*"]
                    routes:
                      - {match: {path: "/exact"}, name: exact, route: {cluster: up}}
                      - {match: {path: "/Lax", case_sensitive: false}, name: lax, route: {cluster: up}}
                      - {match: {prefix: "/lax-prefix", case_sensitive: false}, name: lax-prefix, route: {cluster: up}}
                      - {match: {path_separated_prefix: "/sep/a"}, name: separated, route: {cluster: up}}
                      - {match: {path_separated_prefix: "/SEP/lax", case_sensitive: false}, name: separated-lax, route: {cluster: up}}
                      - {match: {safe_regex: {regex: "/re/[0-9]+"}}, name: regex, route: {cluster: up}}
                      - {match: {safe_regex: {regex: "/half|/half/b"}}, name: alternatives, route: {cluster: up}}
                      - {match: {prefix: "/rpc", grpc: {}}, name: grpc, route: {cluster: up}}
                      - {match: {connect_matcher: {}}, name: connect, direct_response: {status: 418}}
                      - {match: {prefix: "/internal"}, name: none, non_forwarding_action: {}}
                """);
        for (String path : List.of(
                "/exact",
                "/exact?q",
                "/exact#f",
                "/exact/",
                "/exacT",
                "/lAX",
                "/LAX-prefix/x",
                "/sep/a",
                "/sep/a/b",
                "/sep/a?x",
                "/sep/a#x",
                "/sep/ab",
                "/sep/a//",
                "/sep/LAX/b",
                "/re/12",
                "/re/12?x=/",
                "/re/12/3",
                "/half/b",
                "/rpc",
                "/internal")) {
            listener.get(path, path);
        }
        return listener.get("grpc", "/rpc", "content-type: application/grpc")
                .get("grpc+proto", "/rpc", "content-type: application/grpc+proto")
                .get("grpc-web", "/rpc", "content-type: application/grpc-web")
                .get("grpc with parameters", "/rpc", "content-type: application/grpc;x=y")
                .add("connect", "CONNECT a.test:443 HTTP/1.1\r\nhost: a.test:443\r\n\r\n", OK);
    }

    private static final List<String> HEADER_MATCHES = List.of(
            "string_match: {exact: one}",
            "string_match: {exact: ONE, ignore_case: true}",
            "string_match: {prefix: \"on\"}",
            "string_match: {suffix: ne}",
            "string_match: {contains: \"n\"}",
            "string_match: {contains: \"N\", ignore_case: true}",
            "string_match: {safe_regex: {regex: \"o.e\"}}",
            "range_match: {start: -5, end: 10}",
            "present_match: true",
            "present_match: false",
            "string_match: {exact: one}, invert_match: true",
            "string_match: {prefix: \"on\"}, invert_match: true",
            "present_match: true, invert_match: true",
            "present_match: false, invert_match: true",
            "range_match: {start: 0, end: 10}, invert_match: true",
            "string_match: {exact: one}, invert_match: true, treat_missing_header_as_empty: true",
            "string_match: {exact: \"\"}, treat_missing_header_as_empty: true",
            "range_match: {start: 0, end: 10}, treat_missing_header_as_empty: true",
            "present_match: true, treat_missing_header_as_empty: true");

    /** Each matcher adds a letter to a header of the answer of its own route; a path names the matcher. */
    private static OptionListener headers() {
        StringBuilder routes = new StringBuilder();
        for (int i = 0; i < HEADER_MATCHES.size(); i++) {
            routes.append(
                    "      - {match: {path: /%d, headers: [{name: x-h, %s}]}, name: taken, direct_response: {status: 200}}\n"
                            .formatted(i, HEADER_MATCHES.get(i)));
        }
        OptionListener listener = new OptionListener("match-header", "").routes("""
                virtual_hosts:
                  - name: all
                    domains: ["*"]
                    routes:
                      - {match: {path: /authority, headers: [{name: ":authority", string_match: {exact: a.test}}]}, name: taken, direct_response: {status: 200}}
                      - {match: {path: /host, headers: [{name: host, string_match: {exact: a.test}}]}, name: taken, direct_response: {status: 200}}
                      - {match: {path: /scheme, headers: [{name: ":scheme", string_match: {exact: http}}]}, name: taken, direct_response: {status: 200}}
                      - {match: {path: /two, headers: [{name: x-h, present_match: true}, {name: X-G, present_match: true}]}, name: taken, direct_response: {status: 200}}
                """ + routes);
        listener.get("authority", "/authority")
                .get("host", "/host")
                .get("scheme", "/scheme")
                .get("one of two", "/two", "x-h: 1")
                .get("two", "/two", "x-h: 1", "x-g: 1");
        for (int i = 0; i < HEADER_MATCHES.size(); i++) {
            String path = "/" + i;
            String about = HEADER_MATCHES.get(i) + " with ";
            listener.get(about + "none", path)
                    .get(about + "an empty value", path, "x-h:")
                    .get(about + "one", path, "x-h: one")
                    .get(about + "a one and a two", path, "x-h: two", "x-h: one")
                    .get(about + "a number", path, "x-h: -5")
                    .get(about + "a signed number", path, "x-h: +1")
                    .get(about + "a fraction", path, "x-h: 1.5");
        }
        return listener;
    }

    private static OptionListener queries() {
        OptionListener listener = new OptionListener("match-query", "").routes("""
                virtual_hosts:
                  - name: all
                    domains: ["*"]
                    routes:
                      - {match: {prefix: /, query_parameters: [{name: a, string_match: {exact: "1"}}]}, name: exact, route: {cluster: up}}
                      - {match: {prefix: /, query_parameters: [{name: b, string_match: {safe_regex: {regex: "[0-9]+"}}}]}, name: regex, route: {cluster: up}}
                      - {match: {prefix: /, query_parameters: [{name: c, present_match: true}]}, name: present, route: {cluster: up}}
                      - {match: {prefix: /, query_parameters: [{name: d, string_match: {prefix: "x"}}, {name: e, string_match: {suffix: "Y", ignore_case: true}}]}, name: both, route: {cluster: up}}
                      - {match: {prefix: /, query_parameters: [{name: f, present_match: false}, {name: g}]}, name: absent, route: {cluster: up}}
                      - {match: {prefix: /, query_parameters: [{name: h, string_match: {contains: " "}}]}, name: decoded, route: {cluster: up}}
                """);
        for (String query : List.of(
                "",
                "?",
                "?a",
                "?a=",
                "?a=1",
                "?a=1&a=2",
                "?a=2&a=1",
                "?x&a=1#f",
                "?A=1",
                "?%61=1",
                "?a=%31",
                "?a==1",
                "?a=1=",
                "?;a=1",
                "?x=1;a=1",
                "?b=12",
                "?b=12x",
                "?c",
                "?c=",
                "?cc",
                "?d=x&e=y",
                "?d=x",
                "?d=xx&e=xY",
                "?f&g",
                "?g",
                "?g=1",
                "?h=a+b",
                "?h=a%20b",
                "?&&a=1",
                "?a=1?b=2",
                "?b=1?a=1")) {
            listener.get("query " + query, "/" + query);
        }
        return listener;
    }

    private static OptionListener fractions() {
        return new OptionListener("match-fraction", "")
                .routes("""
                        virtual_hosts:
                          - name: all
                            domains: ["*"]
                            routes:
                              - {match: {prefix: /, runtime_fraction: {default_value: {numerator: 0}}}, name: never, route: {cluster: empty}}
                              - {match: {prefix: /a, runtime_fraction: {default_value: {numerator: 100}}}, name: always, route: {cluster: up}}
                              - {match: {prefix: /b, runtime_fraction: {default_value: {numerator: 10000, denominator: TEN_THOUSAND}, runtime_key: none}}, name: keyed, route: {cluster: up}}
                              - {match: {prefix: /c, runtime_fraction: {default_value: {numerator: 2000000, denominator: MILLION}}}, name: more, route: {cluster: up}}
                        """)
                .get("always", "/a")
                .get("with a key", "/b")
                .get("more than all", "/c")
                .get("never", "/d");
    }

    private static OptionListener tls(String name, String require) {
        return new OptionListener(
                        name, "internal_address_config: {cidr_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}")
                .routes("""
                        virtual_hosts:
                          - name: all
                            domains: ["*"]
                            require_tls: %s
                            routes: [{match: {prefix: /up}, route: {cluster: up}}]
                        """.formatted(require))
                .get("plain", "/up?x=1")
                .get("plain, no route", "/nowhere")
                .get("https before", "/up", "x-forwarded-proto: https")
                .get("from inside", "/up", "x-forwarded-for: 10.1.2.3")
                .add("a post", closing("POST", "/up", "content-length: 0"), OK)
                .host("with a port", "a.test:80")
                .head("head", "/up");
    }
}
