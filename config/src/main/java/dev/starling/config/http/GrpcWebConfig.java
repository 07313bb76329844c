package dev.starling.config.http;

/** {@code envoy.extensions.filters.http.grpc_web.v3.GrpcWeb}, which has no fields. */
public record GrpcWebConfig() {}
