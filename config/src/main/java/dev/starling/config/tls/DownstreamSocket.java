package dev.starling.config.tls;

/** The transport socket of a filter chain. */
public sealed interface DownstreamSocket permits DownstreamSocket.Raw, DownstreamTls, QuicDownstream {

    /** Bytes as they are. */
    enum Raw implements DownstreamSocket {
        RAW
    }
}
