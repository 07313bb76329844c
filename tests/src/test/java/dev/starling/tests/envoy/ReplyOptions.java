package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.ExchangeCase.OK;
import static dev.starling.tests.envoy.OptionListener.closing;

import java.util.List;

/** What the proxy's own replies look like, and who is said to have served. */
final class ReplyOptions {

    private static final String MAPPERS = """
            local_reply_config:
              mappers:
                - filter: {status_code_filter: {comparison: {op: EQ, value: {default_value: 404, runtime_key: k}}}}
                  status_code: 410
                  body: {inline_string: "gone"}
                  headers_to_add:
                    - {header: {key: x-mapped, value: "%RESPONSE_CODE%"}}
                    - {header: {key: x-path, value: "%REQ(:PATH)%"}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}
                    - {header: {key: content-type, value: "text/mapped"}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}
                - filter: {response_flag_filter: {flags: [UH]}}
                  body_format_override:
                    json_format: {code: "%RESPONSE_CODE%", flags: "%RESPONSE_FLAGS%", body: "%LOCAL_REPLY_BODY%", path: "%REQ(:path)%", none: "%REQ(x-none)%"}
                - filter: {header_filter: {header: {name: x-pick, string_match: {exact: html}}}}
                  body_format_override:
                    text_format_source: {inline_string: "<p>%LOCAL_REPLY_BODY%</p>%RESPONSE_CODE%\\n"}
                    content_type: "text/html; charset=UTF-8"
                - filter: {and_filter: {filters: [{status_code_filter: {comparison: {op: GE, value: {default_value: 400, runtime_key: k}}}}, {header_filter: {header: {name: x-pick, string_match: {exact: empty}}}}]}}
                  body: {inline_string: ""}
                  status_code: 204
                - filter: {header_filter: {header: {name: x-pick, string_match: {exact: append}}}}
                  headers_to_add:
                    - {header: {key: location, value: "/l"}, append_action: APPEND_IF_EXISTS_OR_ADD}
                    - {header: {key: content-length, value: "3"}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}
                    - {header: {key: server, value: "mapped"}, append_action: ADD_IF_ABSENT}
            """;

    private ReplyOptions() {}

    static List<OptionListener> listeners() {
        return List.of(
                replies("mapped-replies", MAPPERS),
                replies(
                        "text-replies",
                        MAPPERS
                                + "  body_format: {text_format_source: {inline_string: \"%LOCAL_REPLY_BODY%|%RESPONSE_CODE%|%RESPONSE_CODE_DETAILS%|%REQ(:METHOD)%|%PROTOCOL%|%RESP(location)%\"}}\n"),
                replies(
                        "json-replies",
                        "local_reply_config: {body_format: {json_format: {status: \"%RESPONSE_CODE%\", m: \"%LOCAL_REPLY_BODY%\", deep: {a: \"x %REQ(:PATH)%\"}, list: [1, \"%PROTOCOL%\"]}, content_type: \"application/problem+json\"}}\n"),
                replies("plain-replies", "")
                        .add(
                                "grpc",
                                closing("POST", "/none", "content-type: application/grpc", "content-length: 0"),
                                OK),
                servers("server-overwrite", "server_name: mine"),
                servers("server-if-absent", "server_name: mine\nserver_header_transformation: APPEND_IF_ABSENT"),
                servers("server-pass", "server_name: mine\nserver_header_transformation: PASS_THROUGH"));
    }

    private static OptionListener replies(String name, String options) {
        return new OptionListener(name, options)
                .routes("""
                        max_direct_response_body_size_bytes: 100
                        virtual_hosts:
                          - name: all
                            domains: ["*"]
                            response_headers_to_add:
                              - {header: {key: x-method, value: "%REQ(:METHOD)%"}}
                            routes:
                              - match: {prefix: "/status/200"}
                                direct_response: {status: 200}
                              - match: {prefix: "/status/204"}
                                direct_response: {status: 204}
                              - match: {prefix: "/status/205"}
                                direct_response: {status: 205, body: {inline_string: "reset"}}
                              - match: {prefix: "/status/304"}
                                direct_response: {status: 304}
                              - match: {prefix: "/body/204"}
                                direct_response: {status: 204, body: {inline_string: "content"}}
                              - match: {prefix: "/body/304"}
                                direct_response: {status: 304, body: {inline_string: "content"}}
                              - match: {prefix: "/body/404"}
                                direct_response: {status: 404, body: {inline_string: "\\"quoted\\" \\u00e9\\n"}}
                              - match: {prefix: "/json"}
                                direct_response: {status: 200, body: {inline_string: "{}"}}
                                response_headers_to_add:
                                  - {header: {key: content-type, value: "application/json"}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}
                              - match: {prefix: "/moved"}
                                redirect: {path_redirect: "/new"}
                              - match: {prefix: "/none"}
                                route: {cluster: empty}
                              - match: {prefix: "/refused"}
                                route: {cluster: refused}
                              - match: {prefix: "/up"}
                                route: {cluster: up}
                        """)
                .get("200", "/status/200")
                .get("204", "/status/204")
                .get("205", "/status/205")
                .get("304", "/status/304")
                .get("204 with a body", "/body/204")
                .get("304 with a body", "/body/304")
                .get("404 with a body", "/body/404")
                .get("json", "/json")
                .get("redirect", "/moved")
                .get("no endpoint", "/none")
                .get("refused", "/refused")
                .get("no route", "/nowhere")
                .get("html", "/none", "x-pick: html")
                .get("html without a body", "/nowhere", "x-pick: html")
                .get("picked html", "/json", "x-pick: html")
                .get("emptied", "/refused", "x-pick: empty")
                .get("headers added", "/moved", "x-pick: append")
                .get("answered", "/up", "x-pick: append")
                .head("head, 200", "/status/200")
                .head("head, 204", "/status/204")
                .head("head, 304 with a body", "/body/304")
                .head("head, json", "/json")
                .head("head, redirect", "/moved")
                .head("head, no endpoint", "/none")
                .head("head, no route", "/nowhere")
                .head("head, html", "/none", "x-pick: html")
                .add("no host", "GET /up HTTP/1.1\r\n\r\n", OK)
                .add("bad head", "G@T /up HTTP/1.1\r\nhost: a.test\r\n\r\n", OK)
                .answered("closes at once", "<close>");
    }

    private static OptionListener servers(String name, String options) {
        return new OptionListener(name, options)
                .get("none", "/up")
                .answered("one", "HTTP/1.1 200 OK\r\nserver: theirs\r\ncontent-length: 0\r\n\r\n")
                .answered("empty", "HTTP/1.1 200 OK\r\nserver:\r\ncontent-length: 0\r\n\r\n")
                .answered("two", "HTTP/1.1 200 OK\r\nserver: a\r\nserver: b\r\ncontent-length: 0\r\n\r\n")
                .get("direct response", "/direct")
                .get("no route", "/nowhere")
                .add("bad head", "G@T /up HTTP/1.1\r\nhost: a.test\r\n\r\n", OK);
    }
}
