package dev.starling.config.http;

/**
 * {@code envoy.extensions.filters.http.grpc_http1_reverse_bridge.v3.FilterConfig}.
 *
 * @param contentType what the upstream is told that the request is, and must say that its answer is
 * @param withholdFrames the upstream gets and gives bare messages
 * @param sizeHeader the response header that tells how long the message is, in lower case; empty for none
 */
public record GrpcHttp1ReverseBridgeConfig(String contentType, boolean withholdFrames, String sizeHeader) {}
