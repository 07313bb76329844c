package dev.starling.config.tls;

/** {@code envoy.extensions.transport_sockets.quic.v3.QuicDownstreamTransport}: TLS 1.3 inside of QUIC. */
public record QuicDownstream(DownstreamTls tls) implements DownstreamSocket {}
