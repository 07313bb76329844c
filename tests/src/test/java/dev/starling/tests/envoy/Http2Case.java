package dev.starling.tests.envoy;

import java.io.IOException;

/**
 * What a client of HTTP/2 and an upstream of HTTP/1.1 do.
 *
 * @param listener that the client connects to
 * @param name what it is about, and unique
 */
record Http2Case(String listener, String name, Play play) implements CaseComparison.Case {

    static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    /** Does what is to be done, with both sides in hand. */
    @FunctionalInterface
    interface Play {
        void on(Http2Stage stage) throws IOException;
    }

    /** Whether the order of different fields is compared: filters change it, and it says nothing (RFC 9110 5.3). */
    boolean inOrder() {
        return !listener.startsWith("grpc-");
    }

    @Override
    public String toString() {
        return name;
    }
}
