package dev.starling.tests.envoy;

import java.util.List;

/** Headers that routes add and remove, and weighted clusters with theirs. */
final class HeaderOptions {

    private static final String ACTIONS = """
            - {header: {key: x-append, value: "{level}"}, append_action: APPEND_IF_EXISTS_OR_ADD}
            - {header: {key: x-absent, value: "{level}"}, append_action: ADD_IF_ABSENT}
            - {header: {key: x-over, value: "{level}"}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}
            - {header: {key: x-exist, value: "{level}"}, append_action: OVERWRITE_IF_EXISTS}
            - {header: {key: x-old-append, value: "{level}"}, append: true}
            - {header: {key: x-old-over, value: "{level}"}, append: false}
            - {header: {key: x-empty, value: "%REQ(x-none)%"}}
            - {header: {key: x-kept, value: "%REQ(x-none)%"}, keep_empty_value: true}
            - {header: {key: x-kept-over, value: ""}, append_action: OVERWRITE_IF_EXISTS_OR_ADD, keep_empty_value: true}
            - {header: {key: x-dropped-over, value: ""}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}
            """;

    private static final List<String> SENT = List.of(
            "x-append: 0",
            "x-absent: 0",
            "x-over: 0",
            "x-over: 00",
            "x-exist: 0",
            "x-exist: 00",
            "x-old-append: 0",
            "x-old-over: 0",
            "x-empty: 0",
            "x-kept: 0",
            "x-kept-over: 0",
            "x-dropped-over: 0",
            "x-gone: 0");

    private HeaderOptions() {}

    static List<OptionListener> listeners() {
        return List.of(
                levels("header-levels", ""),
                levels("header-levels-reversed", "most_specific_header_mutations_wins: true\n"),
                formats(),
                weighted());
    }

    private static OptionListener levels(String name, String order) {
        String[] sent = SENT.toArray(String[]::new);
        String answer = "HTTP/1.1 200 OK\r\n" + String.join("\r\n", SENT) + "\r\ncontent-length: 0\r\n\r\n";
        return new OptionListener(name, "")
                .routes(order + edits("configuration", 0) + """
                        virtual_hosts:
                          - name: all
                            domains: ["*"]
                        """ + edits("host", 4) + """
                            routes:
                              - match: {prefix: /up}
                                route: {cluster: up}
                        """ + edits("route", 8) + """
                              - {match: {prefix: /plain}, route: {cluster: up}}
                              - {match: {prefix: /direct}, direct_response: {status: 200, body: {inline_string: b}}}
                              - {match: {prefix: /moved}, redirect: {path_redirect: /new}}
                        """)
                .get("none", "/up")
                .get("sent", "/up", sent)
                .answered("answered", answer)
                .get("plain route", "/plain", sent)
                .get("direct response", "/direct", sent)
                .get("redirect", "/moved", sent)
                .get("no route", "/nowhere", sent);
    }

    private static String edits(String level, int indent) {
        String actions = ACTIONS.replace("{level}", level).indent(2);
        return ("request_headers_to_add:\n" + actions + "response_headers_to_add:\n" + actions
                        + "request_headers_to_remove: [x-gone, x-not-there, x-removed-by-" + level + "]\n"
                        + "response_headers_to_remove: [x-gone]\n")
                .indent(indent);
    }

    private static OptionListener formats() {
        List<String> values = List.of(
                "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
                "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%",
                "%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%",
                "%DOWNSTREAM_LOCAL_PORT%",
                "%DOWNSTREAM_LOCAL_ADDRESS%",
                "%REQ(x-in)%",
                "%REQ(x-none?x-in)%",
                "%REQ(x-in):2%",
                "%REQ(:METHOD)% %REQ(:PATH)% %REQ(:AUTHORITY)% %REQ(:SCHEME)%",
                "%RESP(x-out)%",
                "%PROTOCOL%",
                "%RESPONSE_CODE%",
                "%RESPONSE_FLAGS%",
                "%RESPONSE_CODE_DETAILS%",
                "%ROUTE_NAME%",
                "%UPSTREAM_CLUSTER%",
                "%UPSTREAM_HOST%",
                "%UPSTREAM_REMOTE_ADDRESS%",
                "%UPSTREAM_REMOTE_PORT%",
                "%UPSTREAM_PROTOCOL%",
                "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
                "%CONNECTION_TERMINATION_DETAILS%",
                "%REQUESTED_SERVER_NAME%",
                "%FILTER_CHAIN_NAME%",
                "%ENVIRONMENT(NO_SUCH_VARIABLE)%",
                "%ACCESS_LOG_TYPE%",
                "%BYTES_RECEIVED%",
                "%START_TIME(%Y)%",
                "%PATH(NQ)%",
                "%QUERY_PARAM(q)%",
                "100%% [%REQ(x-none)%]",
                "a %REQ(X-In)% b %REQ(x-none)% c");
        StringBuilder edits = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            edits.append("  - {header: {key: x-f%d, value: '%s'}}%n".formatted(i, values.get(i)));
        }
        return new OptionListener("header-formats", "")
                .routes(("request_headers_to_add:\n" + edits + "response_headers_to_add:\n" + edits) + """
                        virtual_hosts:
                          - name: all
                            domains: ["*"]
                            routes:
                              - {match: {prefix: /up}, name: up, route: {cluster: up}}
                              - {match: {prefix: /direct}, name: direct, direct_response: {status: 418}}
                              - {match: {prefix: /none}, name: none, route: {cluster: empty}}
                        """)
                .get("bare", "/up")
                .get("filled", "/up?q=1&r=2", "x-in: value", "x-forwarded-for: 10.1.2.3")
                .get("direct response", "/direct?q", "x-in: v")
                .get("no endpoint", "/none", "x-in: v")
                .answered("answered", "HTTP/1.1 201 OK\r\nx-out: out\r\ncontent-length: 0\r\n\r\n");
    }

    private static OptionListener weighted() {
        return new OptionListener("weighted", "")
                .routes("""
                        virtual_hosts:
                          - name: all
                            domains: ["*"]
                            routes:
                              - match: {prefix: /all}
                                request_headers_to_add: [{header: {key: x-level, value: route}}]
                                response_headers_to_add: [{header: {key: x-level, value: route}}]
                                route:
                                  weighted_clusters:
                                    clusters:
                                      - {name: empty, weight: 0}
                                      - name: up
                                        weight: 5
                                        request_headers_to_add: [{header: {key: x-level, value: cluster}}]
                                        request_headers_to_remove: [x-secret]
                                        response_headers_to_add: [{header: {key: x-level, value: cluster}}]
                                        response_headers_to_remove: [x-out]
                                        host_rewrite_literal: weighted.test
                              - match: {prefix: /header}
                                route:
                                  weighted_clusters:
                                    header_name: x-draw
                                    clusters: [{name: up, weight: 10}, {name: empty, weight: 20}, {name: missing, weight: 0}]
                              - match: {prefix: /hardly}
                                route:
                                  weighted_clusters:
                                    header_name: x-draw
                                    clusters: [{name: up, weight: 4294967000}, {name: empty, weight: 100}]
                              - match: {prefix: /missing}
                                route: {weighted_clusters: {clusters: [{name: missing, weight: 1}]}}
                              - match: {prefix: /by-header}
                                route: {cluster_header: x-cluster, cluster_not_found_response_code: INTERNAL_SERVER_ERROR}
                              - match: {prefix: /by-host}
                                route: {cluster_header: ":authority"}
                        """)
                .get("all to one", "/all", "x-secret: 1")
                .add(
                        "all to one, answered",
                        OptionListener.closing("GET", "/all"),
                        "HTTP/1.1 200 OK\r\nx-out: 1\r\nx-level: up\r\ncontent-length: 0\r\n\r\n")
                .get("drawn first", "/header", "x-draw: 0")
                .get("drawn first's end", "/header", "x-draw: 9")
                .get("drawn second", "/header", "x-draw: 10")
                .get("drawn past the end", "/header", "x-draw: 30")
                .get("drawn past the second round", "/header", "x-draw: 45")
                .get("drawn what chance hardly draws", "/hardly", "x-draw: 4294967050")
                .get("drawn twice, so by chance", "/hardly", "x-draw: 4294967050", "x-draw: 4294967050")
                .get("missing", "/missing")
                .get("by header", "/by-header", "x-cluster: up")
                .get("by an empty header", "/by-header", "x-cluster:")
                .get("by no header", "/by-header")
                .get("by an unknown header", "/by-header", "x-cluster: what")
                .get("by two headers", "/by-header", "x-cluster: up", "x-cluster: empty")
                .add("by host", "GET /by-host HTTP/1.1\r\nhost: up\r\nconnection: close\r\n\r\n", ExchangeCase.OK);
    }
}
