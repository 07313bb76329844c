package dev.starling.runtime.listener;

import dev.starling.runtime.tls.QuicTls;
import dev.starling.runtime.tls.TlsHolder;
import dev.starling.runtime.tls.TlsStats;
import org.jspecify.annotations.Nullable;

/**
 * How the connections of a filter chain are secured.
 *
 * @param stats of the listener
 * @param handshakeTimeoutNanos 0: the standard one
 * @param quic makes the engines of a chain for HTTP/3, whose TLS is inside of QUIC; null for all others
 */
public record ChainTls(
        TlsHolder holder,
        TlsStats stats,
        long handshakeTimeoutNanos,
        @Nullable QuicTls quic) {

    /** Of connections on TCP. */
    public ChainTls(TlsHolder holder, TlsStats stats, long handshakeTimeoutNanos) {
        this(holder, stats, handshakeTimeoutNanos, null);
    }
}
