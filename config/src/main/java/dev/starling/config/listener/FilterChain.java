package dev.starling.config.listener;

import dev.starling.config.Extension;
import dev.starling.config.tls.DownstreamSocket;
import java.time.Duration;
import java.util.List;

/**
 * What serves a connection: network filters, the last of them terminal.
 *
 * @param filters empty: matching connections are closed
 * @param transportSocketConnectTimeout zero: none
 * @param contentHash equal means the chain did not change and its connections stay
 */
public record FilterChain(
        String name,
        FilterChainMatch match,
        List<Extension> filters,
        DownstreamSocket transportSocket,
        Duration transportSocketConnectTimeout,
        long contentHash) {

    public FilterChain {
        filters = List.copyOf(filters);
    }
}
