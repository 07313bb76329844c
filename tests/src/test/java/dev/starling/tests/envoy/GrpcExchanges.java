package dev.starling.tests.envoy;

import java.util.ArrayList;
import java.util.List;

/** What gRPC looks like over HTTP/1.1, where trailers are enabled. */
final class GrpcExchanges {

    static final String GRPC = "content-type: application/grpc";
    static final String FOUND = answer(frame("found"), "grpc-status: 0");

    private GrpcExchanges() {}

    /** A message in its frame, one character a byte. */
    static String frame(String message) {
        return "\0\0\0" + (char) (message.length() >> 8) + (char) (message.length() & 0xff) + message;
    }

    /** A call; the connection ends with it. */
    static String call(String path, String body, String... headers) {
        return request("POST", path, body, headers);
    }

    static String request(String method, String path, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("transfer-encoding: chunked");
        return OptionListener.closing(method, path, all.toArray(String[]::new)) + chunk(body) + "0\r\n\r\n";
    }

    /** A response in one chunk, with trailers. */
    static String answer(String body, String... trailers) {
        return answerAs("200 OK", "application/grpc", body, trailers);
    }

    static String answerAs(String status, String type, String body, String... trailers) {
        return "HTTP/1.1 " + status + "\r\ncontent-type: " + type + "\r\ntransfer-encoding: chunked\r\n\r\n"
                + chunk(body) + "0\r\n" + lines(trailers) + "\r\n";
    }

    static String trailersOnly(String... fields) {
        return "HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\ncontent-length: 0\r\n" + lines(fields) + "\r\n";
    }

    private static String lines(String... fields) {
        return fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
    }

    static String chunk(String body) {
        return body.isEmpty() ? "" : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n";
    }
}
