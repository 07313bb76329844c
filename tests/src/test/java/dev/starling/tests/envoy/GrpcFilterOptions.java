package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.GrpcExchanges.FOUND;
import static dev.starling.tests.envoy.GrpcExchanges.GRPC;
import static dev.starling.tests.envoy.GrpcExchanges.answer;
import static dev.starling.tests.envoy.GrpcExchanges.answerAs;
import static dev.starling.tests.envoy.GrpcExchanges.call;
import static dev.starling.tests.envoy.GrpcExchanges.chunk;
import static dev.starling.tests.envoy.GrpcExchanges.frame;
import static dev.starling.tests.envoy.GrpcExchanges.trailersOnly;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Base64;
import java.util.List;

/** The filters about gRPC. */
final class GrpcFilterOptions {

    private static final String TRAILERS = "http_protocol_options: {enable_trailers: true}\n";
    private static final String WEB = "content-type: application/grpc-web";
    private static final String WEB_TEXT = "content-type: application/grpc-web-text";
    private static final String ACCEPT_TEXT = "accept: application/grpc-web-text";
    private static final String PROTOBUF = "content-type: application/x-protobuf";

    private static final String OK_PROTOBUF =
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 5\r\n\r\nfound";

    private GrpcFilterOptions() {}

    static List<OptionListener> listeners() {
        return List.of(
                web(),
                bridged("bridge", ""),
                bridged("bridge-ignoring", "ignore_query_parameters: true"),
                upgraded(),
                reversed("reverse", ""),
                reversed("reverse-bare", ", withhold_grpc_frames: true"),
                sized(),
                counted("stats", ""),
                counted("stats-all", "stats_for_all_methods: true"),
                counted("stats-none", "stats_for_all_methods: false"),
                counted("stats-dots", "stats_for_all_methods: true, replace_dots_in_grpc_service_name: true"),
                counted(
                        "stats-upstream",
                        "stats_for_all_methods: true, enable_upstream_stats: true, emit_filter_state: true"),
                counted(
                        "stats-listed",
                        "individual_method_stats_allowlist: {services: [{name: a.b.statslisted, method_names: [M, \"N\"]}, {name: Tstatslisted, method_names: [M]}]}"));
    }

    static String filter(String name, String type, String fields) {
        return "- name: envoy.filters.http." + name
                + "\n  typed_config: {\"@type\": type.googleapis.com/envoy.extensions.filters.http." + type
                + (fields.isEmpty() ? "" : ", " + fields) + "}\n";
    }

    private static String base64(String bytes) {
        return Base64.getEncoder().encodeToString(bytes.getBytes(ISO_8859_1));
    }

    private static OptionListener calls(String name, String filter) {
        return new OptionListener(name, TRAILERS).filters(filter).routes("""
                        virtual_hosts:
                          - name: all
                            domains: ["*"]
                            routes:
                              - match: {prefix: "/none"}
                                route: {cluster: empty}
                              - match: {prefix: "/slow"}
                                route: {cluster: up, timeout: 0.1s}
                              - match: {prefix: "/direct"}
                                direct_response: {status: 403, body: {inline_string: "not \\u00e9 you\\n"}}
                              - match: {prefix: "/"}
                                route: {cluster: up}
                        """);
    }

    private static OptionListener web() {
        String body = frame("hello");
        String two = answer(frame("one") + frame("three"), "grpc-status: 0", "grpc-message: fine", "x-t: a", "x-t: b");
        String split = "HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\ntransfer-encoding: chunked\r\n\r\n"
                + chunk(frame("abc").substring(0, 6)) + chunk(frame("abc").substring(6) + frame(""))
                + "0\r\ngrpc-status: 0\r\n\r\n";
        return calls("web", filter("grpc_web", "grpc_web.v3.GrpcWeb", ""))
                .add("binary", call("/a.b.S/M", body, WEB), FOUND)
                .add("binary, proto", call("/a.b.S/M", body, WEB + "+proto"), two)
                .add(
                        "binary, with a length",
                        OptionListener.closing("POST", "/a.b.S/M", WEB, "content-length: 10") + body,
                        FOUND)
                .add("binary, json", call("/a.b.S/M", body, WEB + "+json"), FOUND)
                .add("binary, parameters", call("/a.b.S/M", body, WEB + ";x=y"), FOUND)
                .add("binary, capitals", call("/a.b.S/M", body, "content-type: application/gRPC-web"), FOUND)
                .add("binary wants text", call("/a.b.S/M", body, WEB, ACCEPT_TEXT), two)
                .add("binary wants text, split", call("/a.b.S/M", body, WEB, ACCEPT_TEXT), split)
                .add(
                        "its own te and accept",
                        call("/a.b.S/M", body, WEB, "te: trailers", "grpc-accept-encoding: gzip", "accept: */*"),
                        FOUND)
                .add("text", call("/a.b.S/M", base64(body), WEB_TEXT, ACCEPT_TEXT), two)
                .add("text, proto", call("/a.b.S/M", base64(body), WEB_TEXT + "+proto", ACCEPT_TEXT + "+proto"), two)
                .add("text wants binary", call("/a.b.S/M", base64(body), WEB_TEXT), two)
                .add("text, truncated", call("/a.b.S/M", base64(body).substring(0, 9), WEB_TEXT, ACCEPT_TEXT), "")
                .add("text, not base64", call("/a.b.S/M", "!!!!", WEB_TEXT, ACCEPT_TEXT), "")
                .add("text, padding within", call("/a.b.S/M", "A=AA", WEB_TEXT, ACCEPT_TEXT), "")
                .add("text, empty", call("/a.b.S/M", "", WEB_TEXT, ACCEPT_TEXT), two)
                .add("trailers only", call("/a.b.S/M", body, WEB), trailersOnly("grpc-status: 7", "grpc-message: no"))
                .add(
                        "trailers only, text",
                        call("/a.b.S/M", body, WEB, ACCEPT_TEXT),
                        trailersOnly("grpc-status: 7", "grpc-message: no"))
                .add("no trailers", call("/a.b.S/M", body, WEB), answer(frame("x")))
                .add(
                        "no trailers, length",
                        call("/a.b.S/M", body, WEB),
                        "HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\ncontent-length: 6\r\n\r\n" + frame("x"))
                .add("plain 200", call("/a.b.S/M", body, WEB), answerAs("200 OK", "text/plain", "hello 50%"))
                .add(
                        "plain 200, text",
                        call("/a.b.S/M", body, WEB, ACCEPT_TEXT),
                        answerAs("200 OK", "text/plain", "hello 50%"))
                .add("plain 503", call("/a.b.S/M", body, WEB), answerAs("503 No", "text/plain", "out\n"))
                .add(
                        "plain 503, trailers",
                        call("/a.b.S/M", body, WEB),
                        answerAs("503 No", "text/plain", "out", "x-t: 1"))
                .add(
                        "plain 503, length",
                        call("/a.b.S/M", body, WEB),
                        "HTTP/1.1 503 No\r\ncontent-length: 3\r\n\r\nout")
                .add("plain 503, empty", call("/a.b.S/M", body, WEB), "HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n")
                .add(
                        "plain 503, much",
                        call("/a.b.S/M", body, WEB),
                        "HTTP/1.1 503 No\r\ncontent-length: 20000\r\n\r\n" + "y".repeat(20000))
                .add(
                        "answers gRPC-Web",
                        call("/a.b.S/M", body, WEB),
                        answerAs("200 OK", "application/grpc-web+proto", body, "grpc-status: 0"))
                .add(
                        "answers gRPC-Web with parameters",
                        call("/a.b.S/M", body, WEB),
                        answerAs("200 OK", "application/gRPC-web ; a=b", body))
                .add(
                        "answers gRPC-Web 500",
                        call("/a.b.S/M", body, WEB),
                        answerAs("500 No", "application/grpc-web", "x"))
                .add(
                        "answers gRPC 500",
                        call("/a.b.S/M", body, WEB),
                        answerAs("500 No", "application/grpc", "x", "grpc-status: 3"))
                .add("no endpoint", call("/none/M", "", WEB), FOUND)
                .add("no endpoint, text", call("/none/M", "", WEB_TEXT, ACCEPT_TEXT), FOUND)
                .add("direct", call("/direct/M", "", WEB), FOUND)
                .add("timeout", call("/slow/M", body, WEB), "")
                .add("gRPC", call("/a.b.S/M", body, GRPC), two)
                .add("gRPC, no endpoint", call("/none/M", "", GRPC), two)
                .add("plain", call("/a.b.S/M", body, "content-type: text/plain"), two)
                .add("one part", call("/M", body, WEB), two)
                .add("three parts", call("/a/b/M", body, WEB), two)
                .add("query", call("/a.b.S/M?x=y", body, WEB), two)
                .add(
                        "options",
                        OptionListener.closing(
                                "OPTIONS", "/a.b.S/M", "origin: http://x", "access-control-request-method: POST"),
                        FOUND)
                .add("own status", call("/a.b.S/M", body, WEB), answer("", "grpc-status: 99"))
                .add(
                        "status in both",
                        call("/a.b.S/M", body, WEB),
                        "HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\ngrpc-status: 0\r\ntransfer-encoding: chunked\r\n\r\n0\r\ngrpc-status: 2\r\n\r\n");
    }

    private static OptionListener bridged(String name, String fields) {
        String body = frame("hello");
        String service = name.replace("-", "");
        return calls(name, filter("grpc_http1_bridge", "grpc_http1_bridge.v3.Config", fields))
                .add("call", call("/a.b." + service + "/M", body, GRPC), FOUND)
                .add(
                        "with a length",
                        OptionListener.closing("POST", "/a.b." + service + "/M", GRPC, "content-length: 10") + body,
                        FOUND)
                .add(
                        "failed",
                        call("/a.b." + service + "/M", body, GRPC),
                        answer("", "grpc-status: 5", "grpc-message: not%20here"))
                .add(
                        "failed after data",
                        call("/a.b." + service + "/M", body, GRPC),
                        answer(frame("x"), "grpc-status: 5", "x-t: 1"))
                .add("no status", call("/a.b." + service + "/M", body, GRPC), answer(frame("x"), "x-t: 1"))
                .add("bad status", call("/a.b." + service + "/M", body, GRPC), answer(frame("x"), "grpc-status: x"))
                .add("no trailers", call("/a.b." + service + "/M", body, GRPC), answer(frame("x")))
                .add(
                        "trailers only",
                        call("/a.b." + service + "/M", body, GRPC),
                        trailersOnly("grpc-status: 7", "grpc-message: no"))
                .add("query", call("/a.b." + service + "/M?x=y", body, GRPC), FOUND)
                .add("query, not gRPC", call("/a.b." + service + "/M?x=y", body, "content-type: text/plain"), FOUND)
                .add("no endpoint", call("/none/" + service, "", GRPC), FOUND)
                .add("timeout", call("/slow/" + service, body, GRPC), "")
                .add("plain 503", call("/a.b." + service + "/M", body, GRPC), answerAs("503 No", "text/plain", "out"))
                .add("protobuf", call("/a.b." + service + "/M", "hello", PROTOBUF), FOUND);
    }

    private static OptionListener upgraded() {
        return calls(
                        "bridge-upgrading",
                        filter("grpc_http1_bridge", "grpc_http1_bridge.v3.Config", "upgrade_protobuf_to_grpc: true"))
                .add("call", call("/a.b.Upgraded/M", "hello", PROTOBUF), FOUND)
                .add(
                        "with a length",
                        OptionListener.closing("POST", "/a.b.Upgraded/M", PROTOBUF, "content-length: 5") + "hello",
                        FOUND)
                .add(
                        "in parts",
                        OptionListener.closing("POST", "/a.b.Upgraded/M", PROTOBUF, "transfer-encoding: chunked")
                                + chunk("hel") + chunk("lo") + "0\r\n\r\n",
                        FOUND)
                .add("empty", call("/a.b.Upgraded/M", "", PROTOBUF), FOUND)
                .add(
                        "bodiless",
                        OptionListener.closing("POST", "/a.b.Upgraded/M", PROTOBUF, "content-length: 0"),
                        FOUND)
                .add(
                        "failed",
                        call("/a.b.Upgraded/M", "hello", PROTOBUF),
                        answer("", "grpc-status: 5", "grpc-message: no"))
                .add(
                        "trailers only",
                        call("/a.b.Upgraded/M", "hello", PROTOBUF),
                        trailersOnly("grpc-status: 7", "grpc-message: no"))
                .add("no trailers", call("/a.b.Upgraded/M", "hello", PROTOBUF), answer(frame("x")))
                .add("no endpoint", call("/none/M", "", PROTOBUF), FOUND)
                .add(
                        "plain 503",
                        call("/a.b.Upgraded/M", "hello", PROTOBUF),
                        answerAs("503 No", "text/plain", "out of order"))
                .add("parameters", call("/a.b.Upgraded/M", "hello", PROTOBUF + "; x=y"), FOUND)
                .add("gRPC", call("/a.b.Upgraded/M", frame("hello"), GRPC), FOUND)
                .add(
                        "protobuf by another name",
                        call("/a.b.Upgraded/M", "hello", "content-type: application/protobuf"),
                        FOUND);
    }

    private static OptionListener reverse(String name, String fields) {
        return calls(
                name,
                filter(
                        "grpc_http1_reverse_bridge",
                        "grpc_http1_reverse_bridge.v3.FilterConfig",
                        "content_type: application/x-protobuf" + fields));
    }

    private static OptionListener reversed(String name, String fields) {
        String body = frame("hello");
        String path = "/a.b." + name.replace("-", "") + "/M";
        String protobuf = "application/x-protobuf";
        return reverse(name, fields)
                .add("call", call(path, body, GRPC + "+proto"), answerAs("200 OK", protobuf, "found"))
                .add("call, and a length", call(path, body, GRPC), OK_PROTOBUF)
                .add(
                        "with a length",
                        OptionListener.closing("POST", path, GRPC, "content-length: 10") + body,
                        answerAs("200 OK", protobuf, "found"))
                .add("with trailers", call(path, body, GRPC), answerAs("200 OK", protobuf, "found", "x-t: 1"))
                .add("with a status", call(path, body, GRPC), answerAs("200 OK", protobuf, "", "grpc-status: 3"))
                .add("empty, in chunks", call(path, body, GRPC), answerAs("200 OK", protobuf, ""))
                .add(
                        "empty",
                        call(path, body, GRPC),
                        "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n")
                .add("empty message", call(path, frame(""), GRPC), answerAs("200 OK", protobuf, "found"))
                .add("without a message", call(path, "", GRPC), answerAs("200 OK", protobuf, "found"))
                .add(
                        "without a body",
                        OptionListener.closing("POST", path, GRPC, "content-length: 0"),
                        answerAs("200 OK", protobuf, "found"))
                .add("404", call(path, body, GRPC), answerAs("404 No", protobuf, "what"))
                .add("500", call(path, body, GRPC), answerAs("500 No", protobuf, "what"))
                .add("204", call(path, body, GRPC), "HTTP/1.1 204 No\r\ncontent-type: application/x-protobuf\r\n\r\n")
                .add("other type", call(path, body, GRPC), answerAs("200 OK", "text/plain", "what"))
                .add("parameters", call(path, body, GRPC), answerAs("200 OK", protobuf + "; x=y", "what"))
                .add("no type", call(path, body, GRPC), "HTTP/1.1 503 No\r\ncontent-length: 3\r\n\r\nout")
                .add("gRPC itself", call(path, body, GRPC), FOUND)
                .add("plain", call(path, body, "content-type: text/plain"), answerAs("200 OK", "text/plain", "found"))
                .add("trailers only", call(path, body, GRPC), trailersOnly("grpc-status: 7", "grpc-message: no"))
                .add("no endpoint", call("/none/M", body, GRPC), FOUND)
                .add("direct", call("/direct/M", body, GRPC), FOUND)
                .add("timeout", call("/slow/" + name, body, GRPC), "");
    }

    /** Told how long a message is by a header of the upstream's own. */
    private static OptionListener sized() {
        String body = frame("hello");
        OptionListener listener =
                reverse("reverse-sized", ", withhold_grpc_frames: true, response_size_header: X-Size");
        for (String size : List.of("5", "0", "+5", " 5", "6", "4", "-1", "x", "4294967296")) {
            listener.add(
                    "size " + size,
                    call("/a.b.Sized/M", body, GRPC),
                    "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\nx-size: " + size
                            + "\r\ntransfer-encoding: chunked\r\n\r\n"
                            + (size.equals("0") ? "" : chunk("he") + chunk("llo")) + "0\r\n\r\n");
        }
        return listener.add("no size", call("/a.b.Sized/M", body, GRPC), OK_PROTOBUF)
                .add(
                        "shorter before trailers",
                        call("/a.b.Sized/M", body, GRPC),
                        "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\nx-size: 3\r\n"
                                + "transfer-encoding: chunked\r\n\r\n" + chunk("he") + "0\r\nx-t: 1\r\n\r\n");
    }

    private static OptionListener counted(String name, String fields) {
        // as Envoy has two statistics of one name where one filter lists a method and another only sees it
        String letter = name.replace("-", "");
        return calls(name, filter("grpc_stats", "grpc_stats.v3.FilterConfig", fields))
                .add("one", call("/a.b." + letter + "/M", frame("x"), GRPC), FOUND)
                .add(
                        "two and three",
                        call("/a.b." + letter + "/M", frame("x") + frame(""), GRPC),
                        answer(frame("a") + frame("") + frame("c"), "grpc-status: 0"))
                .add("other method", call("/a.b." + letter + "/O", frame("x"), GRPC), answer("", "grpc-status: 5"))
                .add("other service", call("/T" + letter + "/M", frame("x"), GRPC), answer("", "grpc-status: 16"))
                .add("trailers only", call("/a.b." + letter + "/N", frame("x"), GRPC), trailersOnly("grpc-status: 7"))
                .add(
                        "trailers only, gets through",
                        call("/a.b." + letter + "/N", frame("x"), GRPC),
                        trailersOnly("grpc-status: 0"))
                .add("no status", call("/a.b." + letter + "/M", frame("x"), GRPC), answer(frame("x")))
                .add("unknown status", call("/a.b." + letter + "/M", frame("x"), GRPC), answer("", "grpc-status: 17"))
                .add("plain", call("/a.b." + letter + "/M", frame("x"), GRPC), answerAs("503 No", "text/plain", "out"))
                .add("not gRPC", call("/a.b." + letter + "/M", frame("x"), "content-type: text/plain"), FOUND)
                .add("no endpoint", call("/none/M" + letter, "", GRPC), FOUND)
                .add("direct", call("/direct/M", "", GRPC), FOUND)
                .add("one part", call("/M", frame("x"), GRPC), FOUND)
                .add("three parts", call("/a/b/M", frame("x"), GRPC), FOUND)
                .add("query", call("/a.b." + letter + "/M?x=y/z", frame("x"), GRPC), FOUND)
                .add("colons", call("/a:b" + letter + "/M:N", frame("x"), GRPC), FOUND)
                .add(
                        "huge length",
                        call("/a.b." + letter + "/M", "\0\u00ff\u00ff\u00ff\u00ffabc", GRPC),
                        answer("\0\u00ff\u00ff\u00ff\u00ffabc", "grpc-status: 0"))
                .add("half a frame", call("/a.b." + letter + "/M", "\0\0", GRPC), answer("\0\0\0", "grpc-status: 0"))
                .add(
                        "odd flags",
                        call("/a.b." + letter + "/M", "\u00ff\0\0\0\1x", GRPC),
                        answer("\u0080\0\0\0\1x", "grpc-status: 0"));
    }
}
