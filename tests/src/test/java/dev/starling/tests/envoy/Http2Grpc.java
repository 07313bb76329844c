package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.GrpcExchanges.FOUND;
import static dev.starling.tests.envoy.GrpcExchanges.GRPC;
import static dev.starling.tests.envoy.GrpcExchanges.answer;
import static dev.starling.tests.envoy.GrpcExchanges.answerAs;
import static dev.starling.tests.envoy.GrpcExchanges.frame;
import static dev.starling.tests.envoy.GrpcExchanges.trailersOnly;

import java.util.List;

/** What clients of HTTP/2 get from the filters about gRPC, and from the proxy itself when they call by gRPC. */
final class Http2Grpc {

    private static final String WEB = "content-type: application/grpc-web+proto";
    private static final String WEB_TEXT = "content-type: application/grpc-web-text+proto";
    private static final String ACCEPT_TEXT = "accept: application/grpc-web-text+proto";
    private static final String PROTOBUF = "application/x-protobuf";

    private Http2Grpc() {}

    static List<Http2Listener> listeners() {
        return List.of(
                replies(),
                web(),
                bridge("grpc-bridge", ""),
                bridge("grpc-bridge-upgrading", "upgrade_protobuf_to_grpc: true"),
                reverse("grpc-reverse", "content_type: application/x-protobuf"),
                reverse("grpc-reverse-bare", "content_type: application/x-protobuf, withhold_grpc_frames: true"),
                sized());
    }

    /** A call whose answer the upstream gives, if it is asked. */
    private static Http2Listener call(
            Http2Listener listener, String about, String path, String body, String answer, String... fields) {
        return listener.add(about, stage -> {
            Http2Peer client = stage.client()
                    .headers(1, Http2Peer.END_HEADERS, Http2Peer.request("POST", path, fields))
                    .data(1, body, true);
            stage.answer(client, 1, answer);
            client.sync();
        });
    }

    /** A call that is answered when its head has come. */
    private static Http2Listener reply(Http2Listener listener, String path, String... fields) {
        return listener.add(
                path,
                stage -> stage.client()
                        .headers(1, Http2Peer.END_HEADERS, Http2Peer.request("POST", path, fields))
                        .until(1)
                        .sync());
    }

    private static Http2Listener filtered(String name, String filter, String type, String fields) {
        return new Http2Listener(name, "").filters(GrpcFilterOptions.filter(filter, type, fields));
    }

    private static Http2Listener replies() {
        Http2Listener listener = new Http2Listener("grpc-replies", "");
        for (String path : List.of("/direct", "/none/S", "/refused/S", "/moved", "/nothing/S")) {
            reply(listener, path, GRPC, "te: trailers");
        }
        call(listener, "timeout", "/slow/S", frame("x"), "", GRPC);
        call(listener, "upstream says 503", "/up/S", frame("x"), answerAs("503 No", "text/plain", "out"), GRPC);
        return call(listener, "trailers only", "/up/S", frame("x"), trailersOnly("grpc-status: 5"), GRPC);
    }

    private static Http2Listener web() {
        Http2Listener listener = filtered("grpc-web", "grpc_web", "grpc_web.v3.GrpcWeb", "");
        String body = frame("hello");
        String two = answer(frame("one") + frame("two"), "grpc-status: 0", "grpc-message: fine");
        call(listener, "binary", "/up/M", body, two, WEB);
        call(listener, "binary wants text", "/up/M", body, FOUND, WEB, ACCEPT_TEXT);
        call(listener, "text", "/up/M", "AAAAAAVoZWxsbw==", FOUND, WEB_TEXT, ACCEPT_TEXT);
        call(listener, "text with a length", "/up/M", "AAAAAAVoZWxsbw==", FOUND, WEB_TEXT, "content-length: 16");
        call(listener, "trailers only", "/up/M", body, trailersOnly("grpc-status: 7", "grpc-message: no"), WEB);
        call(listener, "plain 503", "/up/M", body, answerAs("503 No", "text/plain", "out"), WEB);
        reply(listener, "/direct", WEB);
        reply(listener, "/none/M", WEB);
        return call(listener, "gRPC", "/up/M", body, two, GRPC);
    }

    private static Http2Listener bridge(String name, String fields) {
        Http2Listener listener = filtered(name, "grpc_http1_bridge", "grpc_http1_bridge.v3.Config", fields);
        String body = frame("hello");
        call(listener, "call", "/up/M", body, FOUND, GRPC);
        call(listener, "failed", "/up/M", body, answer("", "grpc-status: 5", "grpc-message: no"), GRPC);
        call(listener, "protobuf", "/up/M", "hello", FOUND, "content-type: " + PROTOBUF);
        call(
                listener,
                "protobuf with a length",
                "/up/M",
                "hello",
                FOUND,
                "content-type: " + PROTOBUF,
                "content-length: 5");
        return call(
                listener,
                "protobuf, failed",
                "/up/M",
                "hello",
                answer("", "grpc-status: 5"),
                "content-type: " + PROTOBUF);
    }

    private static Http2Listener reverse(String name, String fields) {
        Http2Listener listener =
                filtered(name, "grpc_http1_reverse_bridge", "grpc_http1_reverse_bridge.v3.FilterConfig", fields);
        String body = frame("hello");
        call(listener, "call", "/up/M", body, answerAs("200 OK", PROTOBUF, "found"), GRPC);
        call(listener, "with a length", "/up/M", body, told(5, "found"), GRPC, "content-length: 10");
        call(listener, "with trailers", "/up/M", body, answerAs("200 OK", PROTOBUF, "found", "x-t: 1"), GRPC);
        call(listener, "empty", "/up/M", frame(""), told(0, ""), GRPC);
        call(listener, "empty, in chunks", "/up/M", frame(""), answerAs("200 OK", PROTOBUF, ""), GRPC);
        call(listener, "404", "/up/M", body, answerAs("404 No", PROTOBUF, "what"), GRPC);
        call(listener, "other type", "/up/M", body, answerAs("200 OK", "text/plain", "what"), GRPC);
        return call(listener, "plain", "/up/M", body, answerAs("200 OK", "text/plain", "what"), "content-type: a/b");
    }

    private static Http2Listener sized() {
        Http2Listener listener = filtered(
                "grpc-reverse-sized",
                "grpc_http1_reverse_bridge",
                "grpc_http1_reverse_bridge.v3.FilterConfig",
                "content_type: application/x-protobuf, withhold_grpc_frames: true, response_size_header: x-size");
        String body = frame("hello");
        for (int size : new int[] {5, 4, 6}) {
            call(
                    listener,
                    "size " + size,
                    "/up/M",
                    body,
                    "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\nx-size: " + size
                            + "\r\ncontent-length: 5\r\n\r\nfound",
                    GRPC);
        }
        return call(listener, "no size", "/up/M", body, told(5, "found"), GRPC);
    }

    private static String told(int length, String body) {
        return "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: " + length + "\r\n\r\n"
                + body;
    }
}
