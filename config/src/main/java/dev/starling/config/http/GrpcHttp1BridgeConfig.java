package dev.starling.config.http;

/**
 * {@code envoy.extensions.filters.http.grpc_http1_bridge.v3.Config}.
 *
 * @param upgradeProtobuf requests of type {@code application/x-protobuf} become gRPC
 * @param ignoreQuery the query of a bridged request is dropped
 */
public record GrpcHttp1BridgeConfig(boolean upgradeProtobuf, boolean ignoreQuery) {}
