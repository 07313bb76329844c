package dev.starling.config.tls;

/** The transport socket towards endpoints. */
public sealed interface UpstreamSocket permits UpstreamSocket.Raw, UpstreamTls {

    /** Bytes as they are. */
    enum Raw implements UpstreamSocket {
        RAW
    }
}
