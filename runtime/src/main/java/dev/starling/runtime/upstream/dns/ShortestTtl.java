package dev.starling.runtime.upstream.dns;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how long the answers to a query may be kept, which Netty tells its cache only, and keeps no answer. Confined to
 * the resolver's event loop.
 */
final class ShortestTtl implements DnsCache {

    /** Seconds, by the name that was asked for, search domain included. */
    private final Map<String, Long> seconds = new HashMap<>();

    private record Uncached(InetAddress address) implements DnsCacheEntry {

        @Override
        public @Nullable Throwable cause() {
            return null;
        }
    }

    /** The shortest time of the host's records; forgotten with this. Zero if there was none. */
    Duration take(String host) {
        long shortest = Long.MAX_VALUE;
        for (Iterator<Map.Entry<String, Long>> all = seconds.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Long> entry = all.next();
            if (entry.getKey().equals(host) || entry.getKey().startsWith(host + ".")) {
                shortest = Math.min(shortest, entry.getValue());
                all.remove();
            }
        }
        return shortest == Long.MAX_VALUE ? Duration.ZERO : Duration.ofSeconds(shortest);
    }

    @Override
    public DnsCacheEntry cache(
            String hostname,
            DnsRecord @Nullable [] additionals,
            InetAddress address,
            long originalTtl,
            EventLoop eventLoop) {
        seconds.merge(hostname, originalTtl, Math::min);
        return new Uncached(address);
    }

    @Override
    public @Nullable DnsCacheEntry cache(
            String hostname, DnsRecord @Nullable [] additionals, Throwable cause, EventLoop eventLoop) {
        return null;
    }

    @Override
    public @Nullable List<? extends DnsCacheEntry> get(String hostname, DnsRecord @Nullable [] additionals) {
        return null;
    }

    @Override
    public void clear() {
        seconds.clear();
    }

    @Override
    public boolean clear(String hostname) {
        return seconds.remove(hostname) != null;
    }
}
