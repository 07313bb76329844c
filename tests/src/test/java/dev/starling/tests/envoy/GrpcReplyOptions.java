package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.GrpcExchanges.FOUND;
import static dev.starling.tests.envoy.GrpcExchanges.GRPC;
import static dev.starling.tests.envoy.GrpcExchanges.answer;
import static dev.starling.tests.envoy.GrpcExchanges.answerAs;
import static dev.starling.tests.envoy.GrpcExchanges.call;
import static dev.starling.tests.envoy.GrpcExchanges.frame;
import static dev.starling.tests.envoy.GrpcExchanges.request;
import static dev.starling.tests.envoy.GrpcExchanges.trailersOnly;

import java.util.List;

/** What gRPC clients get from the proxy itself, and what logs say of their calls. */
final class GrpcReplyOptions {

    private static final String TRAILERS = "http_protocol_options: {enable_trailers: true}\n";

    private static final String MAPPERS = TRAILERS + """
            local_reply_config:
              mappers:
                - filter: {status_code_filter: {comparison: {op: EQ, value: {default_value: 404, runtime_key: k}}}}
                  status_code: 403
                  body: {inline_string: "50% of ~é\\n"}
                  headers_to_add:
                    - {header: {key: x-mapped, value: "%RESPONSE_CODE%"}}
                - filter: {response_flag_filter: {flags: [UH]}}
                  headers_to_add:
                    - {header: {key: grpc-status, value: "8"}}
                    - {header: {key: content-type, value: "text/mapped"}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}
                - filter: {grpc_status_filter: {statuses: [UNKNOWN]}}
                  headers_to_add: [{header: {key: x-unknown, value: "1"}}]
            """;

    private static final String ROUTES = """
            virtual_hosts:
              - name: all
                domains: ["*"]
                response_headers_to_add:
                  - {header: {key: x-method, value: "%REQ(:METHOD)%"}}
                routes:
                  - match: {prefix: "/direct/200"}
                    direct_response: {status: 200, body: {inline_string: "fine"}}
                  - match: {prefix: "/direct/400"}
                    direct_response: {status: 400, body: {inline_string: "b%d\\n"}}
                  - match: {prefix: "/direct/401"}
                    direct_response: {status: 401}
                  - match: {prefix: "/direct/403"}
                    direct_response: {status: 403}
                  - match: {prefix: "/direct/418"}
                    direct_response: {status: 418}
                  - match: {prefix: "/direct/429"}
                    direct_response: {status: 429}
                  - match: {prefix: "/direct/500"}
                    direct_response: {status: 500}
                  - match: {prefix: "/direct/502"}
                    direct_response: {status: 502}
                  - match: {prefix: "/moved"}
                    redirect: {path_redirect: "/new"}
                  - match: {prefix: "/none"}
                    route: {cluster: empty}
                  - match: {prefix: "/refused"}
                    route: {cluster: refused}
                  - match: {prefix: "/full"}
                    route: {cluster: full}
                  - match: {prefix: "/slow"}
                    route: {cluster: up, timeout: 0.1s}
                  - match: {prefix: "/missing"}
                    route: {cluster: missing, cluster_not_found_response_code: NOT_FOUND}
                  - match: {prefix: "/"}
                    route: {cluster: up}
            """;

    private GrpcReplyOptions() {}

    static List<OptionListener> listeners() {
        return List.of(
                replies("replies", TRAILERS),
                replies("mapped", MAPPERS),
                some(
                        "formatted",
                        TRAILERS
                                + "local_reply_config: {body_format: {json_format: {c: \"%RESPONSE_CODE%\", b: \"%LOCAL_REPLY_BODY%\", g: \"%GRPC_STATUS%\"}}}\n"),
                some("bare", TRAILERS).router("suppress_envoy_headers: true"),
                some(
                        "lines",
                        TRAILERS
                                + "local_reply_config: {body_format: {text_format_source: {inline_string: \"%LOCAL_REPLY_BODY%|\\n\"}}}\n"),
                some("uncounted", TRAILERS).router("suppress_grpc_request_failure_code_stats: true"),
                logs(),
                paths());
    }

    private static OptionListener some(String name, String options) {
        return new OptionListener(name, options)
                .routes(ROUTES)
                .add("400", call("/direct/400", "", GRPC), FOUND)
                .add("no endpoint", call("/none", "", GRPC), FOUND)
                .add("refused", call("/refused", "", GRPC), FOUND)
                .add("overflow", call("/full", "", GRPC), FOUND)
                .add("timeout", call("/slow", frame("x"), GRPC), "")
                .add("failed", call("/s/m", frame("x"), GRPC), answer("", "grpc-status: 5"))
                .add("answered 503", call("/s/m", frame("x"), GRPC), answerAs("503 No", "text/plain", "no"));
    }

    private static OptionListener replies(String name, String options) {
        return new OptionListener(name, options)
                .routes(ROUTES)
                .add("200", call("/direct/200", "", GRPC), FOUND)
                .add("400", call("/direct/400", "", GRPC), FOUND)
                .add("401", call("/direct/401", "", GRPC), FOUND)
                .add("403", call("/direct/403", "", GRPC), FOUND)
                .add("418", call("/direct/418", "", GRPC), FOUND)
                .add("429", call("/direct/429", "", GRPC), FOUND)
                .add("500", call("/direct/500", "", GRPC), FOUND)
                .add("502", call("/direct/502", "", GRPC), FOUND)
                .add("redirect", call("/moved", "", GRPC), FOUND)
                .add("no endpoint", call("/none", "", GRPC), FOUND)
                .add("no endpoint, of JSON", call("/none", "", "content-type: application/grpc+json"), FOUND)
                .add("no endpoint, not gRPC", call("/none", "", "content-type: application/grpc-web"), FOUND)
                .add("no endpoint, GET", request("GET", "/none", "", GRPC), FOUND)
                .add("refused", call("/refused", "", GRPC), FOUND)
                .add("overflow", call("/full", "", GRPC), FOUND)
                .add("no cluster", call("/missing", "", GRPC), FOUND)
                .add("timeout", call("/slow", frame("x"), GRPC), "")
                .add(
                        "alternative timeout",
                        call("/slow", frame("x"), GRPC, "x-envoy-upstream-rq-timeout-alt-response: 1"),
                        "")
                .add("closed at once", call("/up", frame("x"), GRPC), "<close>")
                .add("broken answer", call("/up", frame("x"), GRPC), "HTTP/1.1 2x0 OK\r\n\r\n")
                .add(
                        "broken off",
                        call("/up", frame("x"), GRPC),
                        "HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n<close>")
                .add("head, no endpoint", OptionListener.closing("HEAD", "/none", GRPC), FOUND)
                .add("head, 400", OptionListener.closing("HEAD", "/direct/400", GRPC), FOUND)
                .add("no host", "POST /up HTTP/1.1\r\ncontent-type: application/grpc\r\n\r\n", FOUND)
                .add("bad head", "P@ST /up HTTP/1.1\r\nhost: a.test\r\ncontent-type: application/grpc\r\n\r\n", FOUND)
                .add("answered", call("/s/m", frame("x"), GRPC), FOUND)
                .add("failed", call("/s/m", frame("x"), GRPC), answer("", "grpc-status: 5", "grpc-message: not%20here"))
                .add("trailers only", call("/s/m", frame("x"), GRPC), trailersOnly("grpc-status: 14"))
                .add("answered 503", call("/s/m", frame("x"), GRPC), answerAs("503 No", "text/plain", "no"));
    }

    private static OptionListener logs() {
        OptionListener listener = new OptionListener("logs", TRAILERS).routes(ROUTES);
        for (String status : List.of(
                "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17",
                "42738", "-1", "", "x", "01", "+3", " 7 ")) {
            listener.add("in trailers: " + status, call("/s/m", "", GRPC), answer("", "grpc-status: " + status));
        }
        return listener.add("in head", call("/s/m", "", GRPC), trailersOnly("grpc-status: 3"))
                .add("in head, unknown", call("/s/m", "", GRPC), trailersOnly("grpc-status: 42"))
                .add("none", call("/s/m", "", GRPC), answer(""))
                .add("none, 404", call("/s/m", "", GRPC), answerAs("404 No", "text/plain", "no"))
                .add("both", call("/s/m", "", GRPC), answer("", "grpc-status: 3", "grpc-status: 4"))
                .add("not gRPC", call("/s/m", "", "content-type: text/plain"), answer("", "grpc-status: 3"));
    }

    private static OptionListener paths() {
        return new OptionListener(
                        "paths",
                        TRAILERS
                                + "normalize_path: true\npath_with_escaped_slashes_action: UNESCAPE_AND_REDIRECT\nalways_set_request_id_in_response: false\n")
                .routes(ROUTES)
                .add("redirected", call("/s%2fm", "", GRPC), FOUND)
                .add("redirected, not gRPC", call("/s%2fm", "", "content-type: text/plain"), FOUND);
    }
}
