package dev.starling.tests.envoy;

import java.util.List;
import java.util.stream.Stream;

/** All listeners of HTTP/2. */
final class Http2Listeners {

    private Http2Listeners() {}

    static List<Http2Listener> all() {
        return Stream.of(
                        Http2Exchanges.listeners(),
                        Http2Malformed.listeners(),
                        Http2Frames.listeners(),
                        Http2Streams.listeners(),
                        Http2Times.listeners(),
                        Http2Grpc.listeners())
                .flatMap(List::stream)
                .toList();
    }

    static List<Http2Case> cases() {
        return all().stream().flatMap(listener -> listener.cases().stream()).toList();
    }
}
