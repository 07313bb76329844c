package dev.starling.runtime.listener.filter.tlsinspector;

import dev.starling.config.listener.filter.TlsInspector;
import dev.starling.runtime.listener.filter.ListenerFilter;
import dev.starling.runtime.network.ConnectionTraits;
import dev.starling.runtime.stats.StatsStripe;
import dev.starling.runtime.tls.hello.ClientHello;
import dev.starling.runtime.tls.hello.HelloRecords;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Waits for one connection's ClientHello, or for what is none. Confined to the loop. */
final class TlsInspection implements ListenerFilter {

    private final TlsInspector config;
    private final TlsInspectorStats stats;
    private final StatsStripe stripe;
    private int maxBytes;

    TlsInspection(TlsInspector config, TlsInspectorStats stats, StatsStripe stripe) {
        this.config = config;
        this.stats = stats;
        this.stripe = stripe;
        this.maxBytes = config.initialReadBytes();
    }

    @Override
    public int maxBytes() {
        return maxBytes;
    }

    @Override
    public Verdict onAccept(Channel channel, ConnectionTraits traits) {
        return Verdict.WAIT;
    }

    @Override
    public Verdict onBytes(ByteBuf bytes, ConnectionTraits traits) {
        HelloRecords records = new HelloRecords();
        return switch (records.read(bytes)) {
            case INCOMPLETE -> more(bytes.readableBytes());
            case OTHER -> done(records, null, traits);
            case CLOSED -> {
                stats.bytesProcessed().record(stripe, records.consumed());
                yield Verdict.CLOSE;
            }
            case COMPLETE -> done(records, records.hello(), traits);
        };
    }

    private Verdict more(int held) {
        if (held >= TlsInspector.MAX_BYTES) {
            stats.tooLarge().inc(stripe);
            stats.bytesProcessed().record(stripe, held);
            return Verdict.CLOSE;
        }
        if (held >= maxBytes) {
            maxBytes = Math.min(2 * maxBytes, TlsInspector.MAX_BYTES);
        }
        return Verdict.WAIT;
    }

    private Verdict done(HelloRecords records, @Nullable ClientHello hello, ConnectionTraits traits) {
        stats.bytesProcessed().record(stripe, records.consumed());
        if (hello == null) {
            stats.tlsNotFound().inc(stripe);
            return config.closesOnError() ? Verdict.CLOSE : Verdict.CONTINUE;
        }
        stats.tlsFound().inc(stripe);
        traits.transportProtocol("tls");
        traits.serverName(hello.serverName());
        (hello.serverName().isEmpty() ? stats.sniNotFound() : stats.sniFound()).inc(stripe);
        traits.applicationProtocols(hello.applicationProtocols());
        (hello.applicationProtocols().isEmpty() ? stats.alpnNotFound() : stats.alpnFound()).inc(stripe);
        if (config.ja3() || config.ja4()) {
            traits.fingerprints(
                    config.ja3() ? Fingerprints.ja3(hello) : "", config.ja4() ? Fingerprints.ja4(hello) : "");
        }
        return Verdict.CONTINUE;
    }
}
