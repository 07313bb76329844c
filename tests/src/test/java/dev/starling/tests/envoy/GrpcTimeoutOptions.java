package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.GrpcExchanges.FOUND;
import static dev.starling.tests.envoy.GrpcExchanges.GRPC;
import static dev.starling.tests.envoy.GrpcExchanges.call;
import static dev.starling.tests.envoy.GrpcExchanges.frame;

import java.util.List;

/** How deadlines of gRPC are read, shortened, told and kept. */
final class GrpcTimeoutOptions {

    private static final String TRAILERS = "http_protocol_options: {enable_trailers: true}\n";

    private static final List<String> SOME = List.of("1S", "3S", "100000000m", "x");

    /** None so short that it might be over before the upstream answers. */
    private static final List<String> ALL = List.of(
            "1S",
            "3S",
            "1H",
            "99999999H",
            "99999999M",
            "99999999S",
            "99999999m",
            "100000000m",
            "2000000u",
            "2000001u",
            "1",
            "S",
            "",
            "-1S",
            "1s",
            "1 S",
            " 1S",
            "1.5S",
            "x",
            "123456789n",
            "00000000001S");

    private GrpcTimeoutOptions() {}

    static List<OptionListener> listeners() {
        return List.of(
                deadlines("deadline", TRAILERS, "timeout: 5s")
                        .add(
                                "answered, two",
                                call("/s/m", frame("x"), GRPC, "grpc-timeout: 1S", "grpc-timeout: 2S"),
                                FOUND),
                deadlines("router-max", TRAILERS, "max_grpc_timeout: 2s")
                        .add(
                                "answered, two",
                                call("/s/m", frame("x"), GRPC, "grpc-timeout: 1S", "grpc-timeout: 2S"),
                                FOUND),
                deadlines("router-any", TRAILERS, "max_grpc_timeout: 0s"),
                deadlines("router-offset", TRAILERS, "max_grpc_timeout: 0s, grpc_timeout_offset: 0.05s"),
                deadlines("router-short", TRAILERS, "max_grpc_timeout: 0.2s, grpc_timeout_offset: 0.05s"),
                deadlines("stream-any", TRAILERS, "max_stream_duration: {grpc_timeout_header_max: 0s}"),
                deadlines("stream-max", TRAILERS, "max_stream_duration: {grpc_timeout_header_max: 2s}"),
                deadlines(
                        "stream-offset",
                        TRAILERS,
                        "max_stream_duration: {grpc_timeout_header_max: 0s, grpc_timeout_header_offset: 0.05s}"),
                deadlines("stream-empty", TRAILERS, "timeout: 0.2s, max_stream_duration: {}"),
                deadlines(
                        "stream-and-router",
                        TRAILERS,
                        "max_stream_duration: {max_stream_duration: 0.2s}, max_grpc_timeout: 1s"),
                deadlines(
                        "stream-both",
                        TRAILERS,
                        "max_stream_duration: {max_stream_duration: 0.2s, grpc_timeout_header_max: 1s}"),
                deadlines(
                        "manager",
                        TRAILERS + "common_http_protocol_options: {max_stream_duration: 0.2s}\n",
                        "timeout: 5s"));
    }

    private static OptionListener deadlines(String name, String options, String route) {
        OptionListener listener = new OptionListener(name, options).routes("""
                        virtual_hosts:
                          - name: all
                            domains: ["*"]
                            routes:
                              - match: {prefix: "/"}
                                route: {cluster: up, %s}
                        """.formatted(route));
        boolean all = name.endsWith("any") || name.endsWith("offset");
        for (String timeout : all ? ALL : SOME) {
            listener.add("answered, " + timeout, call("/s/m", frame("x"), GRPC, "grpc-timeout: " + timeout), FOUND);
        }
        return listener.add("answered, none", call("/s/m", frame("x"), GRPC), FOUND)
                .add("answered, not gRPC", call("/s/m", "x", "content-type: text/plain", "grpc-timeout: 1S"), FOUND)
                .add("silent", call("/s/m", frame("x"), GRPC, "grpc-timeout: 100m"), "")
                .add("silent, not gRPC", call("/s/m", "x", "content-type: text/plain", "grpc-timeout: 100m"), "")
                .add(
                        "silent, incomplete",
                        OptionListener.closing(
                                "POST", "/s/m", GRPC, "transfer-encoding: chunked", "grpc-timeout: 100m"),
                        "")
                .add(
                        "answered, asked otherwise",
                        call("/s/m", frame("x"), GRPC, "grpc-timeout: 1S", "x-envoy-upstream-rq-timeout-ms: 700"),
                        FOUND);
    }
}
