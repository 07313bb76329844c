package dev.starling.runtime.listener.filter.httpinspector;

import dev.starling.runtime.listener.filter.ListenerFilter;
import dev.starling.runtime.network.ConnectionTraits;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsStripe;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.List;

/** Waits for the first line of one connection, or for what is none. Confined to the loop. */
final class HttpInspection implements ListenerFilter {

    /** The longest first line that is waited for. */
    private static final int MAX_BYTES = 64 * 1024;

    private final HttpInspectorStats stats;
    private final StatsStripe stripe;
    private int seen;

    HttpInspection(HttpInspectorStats stats, StatsStripe stripe) {
        this.stats = stats;
        this.stripe = stripe;
    }

    @Override
    public int maxBytes() {
        return MAX_BYTES;
    }

    @Override
    public Verdict onAccept(Channel channel, ConnectionTraits traits) {
        String transport = traits.transportProtocol();
        return transport.isEmpty() || transport.equals("raw_buffer") ? Verdict.WAIT : Verdict.CONTINUE;
    }

    @Override
    public Verdict onBytes(ByteBuf bytes, ConnectionTraits traits) {
        FirstLine.Kind kind = FirstLine.of(bytes, seen);
        seen = bytes.readableBytes();
        return switch (kind) {
            case UNDECIDED -> {
                if (bytes.readableBytes() < MAX_BYTES) {
                    yield Verdict.WAIT;
                }
                stats.httpNotFound().inc(stripe);
                yield Verdict.CONTINUE;
            }
            case HTTP_1_0 -> found("http/1.0", stats.http10Found(), traits);
            case HTTP_1_1 -> found("http/1.1", stats.http11Found(), traits);
            case HTTP_2 -> found("h2c", stats.http2Found(), traits);
            case OTHER -> {
                stats.httpNotFound().inc(stripe);
                yield Verdict.CONTINUE;
            }
        };
    }

    private Verdict found(String protocol, Counter counter, ConnectionTraits traits) {
        counter.inc(stripe);
        traits.applicationProtocols(List.of(protocol));
        return Verdict.CONTINUE;
    }
}
