package dev.starling.runtime.listener;

import dev.starling.runtime.tls.TlsHolder;
import dev.starling.runtime.tls.TlsStats;

/**
 * How the connections of a filter chain are secured.
 *
 * @param stats of the listener
 * @param handshakeTimeoutNanos 0: the standard one
 */
public record ChainTls(TlsHolder holder, TlsStats stats, long handshakeTimeoutNanos) {}
