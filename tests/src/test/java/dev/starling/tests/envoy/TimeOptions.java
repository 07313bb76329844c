package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.ExchangeCase.OK;
import static dev.starling.tests.envoy.ExchangeCase.head;

import java.util.List;

/** Timeouts of connections and requests, and how the connection ends after them. */
final class TimeOptions {

    private TimeOptions() {}

    static List<OptionListener> listeners() {
        return List.of(
                timed("idle-connection", "common_http_protocol_options: {idle_timeout: 0.1s}"),
                timed(
                        "idle-drained-connection",
                        "common_http_protocol_options: {idle_timeout: 0.1s}\ndrain_timeout: 0.05s"),
                timed(
                        "short-connection",
                        "common_http_protocol_options: {max_connection_duration: 0.1s}\ndrain_timeout: 0.05s"),
                timed("short-stream", "common_http_protocol_options: {max_stream_duration: 0.1s}"),
                timed("idle-stream", "stream_idle_timeout: 0.1s"),
                timed("request-timeout", "request_timeout: 0.1s"),
                timed("head-timeout", "request_headers_timeout: 0.1s"));
    }

    private static OptionListener timed(String name, String options) {
        return new OptionListener(name, options)
                .add("nothing sent", "", OK)
                .add("half a head", "GET /up HTTP/1.1\r\nhost: ", OK)
                .add("half a head after a request", head("GET", "/up") + "GET /up HTTP/1.1\r\nhost: ", OK)
                .add("half a body", head("POST", "/up", "content-length: 5") + "he", "")
                .add("no answer", head("GET", "/up"), "")
                .add("half an answer", head("GET", "/up"), "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
                .add("nothing more after an answer", head("GET", "/up"), OK);
    }
}
