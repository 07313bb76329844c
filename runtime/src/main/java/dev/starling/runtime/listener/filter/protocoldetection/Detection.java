package dev.starling.runtime.listener.filter.protocoldetection;

import dev.starling.config.listener.filter.ProtocolDetection;
import dev.starling.config.listener.filter.TlsInspector;
import dev.starling.runtime.listener.filter.ListenerFilter;
import dev.starling.runtime.listener.filter.httpinspector.FirstLine;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.network.ConnectionTraits;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.tls.hello.ClientHello;
import dev.starling.runtime.tls.hello.HelloRecords;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells by first bytes what one connection speaks. Whatever is not known to be TLS or HTTP in time is other bytes, which is
 * no error: availability comes before correctness, as in linkerd. Confined to the loop.
 */
final class Detection implements ListenerFilter {

    private static final int TLS_HANDSHAKE = 22;

    private final ProtocolDetection config;
    private final DetectionStats stats;
    private final TalkativeServers servers;
    private final Loop loop;
    private @Nullable Channel channel;
    private int seen;

    Detection(ProtocolDetection config, DetectionStats stats, TalkativeServers servers, Loop loop) {
        this.config = config;
        this.stats = stats;
        this.servers = servers;
        this.loop = loop;
    }

    /** As much as a ClientHello may have; a request line that is longer is no HTTP to us. */
    @Override
    public int maxBytes() {
        return TlsInspector.MAX_BYTES;
    }

    @Override
    public long patienceNanos() {
        return (seen == 0 ? config.clientSilence() : config.timeout()).toNanos();
    }

    @Override
    public Verdict onAccept(Channel accepted, ConnectionTraits traits) {
        channel = accepted;
        if (servers.contains(traits.local(), loop.nanoTime())) {
            stats.remembered().inc(loop.stats());
            return watched(accepted, traits);
        }
        return Verdict.WAIT;
    }

    @Override
    public Verdict onSilence(ConnectionTraits traits) {
        if (seen > 0) {
            stats.timeout().inc(loop.stats());
            return opaque(traits);
        }
        stats.silent().inc(loop.stats());
        return watched(Objects.requireNonNull(channel), traits);
    }

    /** Served at once as other bytes; who speaks first then is noted for the next connection. */
    private Verdict watched(Channel watched, ConnectionTraits traits) {
        watched.pipeline().addLast(new FirstSpeaker(servers, traits.local(), loop));
        return opaque(traits);
    }

    @Override
    public Verdict onBytes(ByteBuf bytes, ConnectionTraits traits) {
        int before = seen;
        seen = bytes.readableBytes();
        if (bytes.getByte(bytes.readerIndex()) == TLS_HANDSHAKE) {
            return tls(bytes, traits);
        }
        return switch (FirstLine.of(bytes, before)) {
            case UNDECIDED -> seen < maxBytes() ? Verdict.WAIT : opaque(traits);
            case HTTP_1_0 -> found(stats.http1(), "http/1.0", traits);
            case HTTP_1_1 -> found(stats.http1(), "http/1.1", traits);
            case HTTP_2 -> found(stats.http2(), "h2c", traits);
            case OTHER -> opaque(traits);
        };
    }

    private Verdict tls(ByteBuf bytes, ConnectionTraits traits) {
        HelloRecords records = new HelloRecords();
        return switch (records.read(bytes)) {
            case INCOMPLETE -> seen < maxBytes() ? Verdict.WAIT : opaque(traits);
            case OTHER, CLOSED -> opaque(traits);
            case COMPLETE -> {
                ClientHello hello = records.hello();
                if (hello == null) {
                    yield opaque(traits);
                }
                stats.tls().inc(loop.stats());
                traits.transportProtocol("tls");
                traits.serverName(hello.serverName());
                traits.applicationProtocols(hello.applicationProtocols());
                yield Verdict.CONTINUE;
            }
        };
    }

    private Verdict found(Counter counter, String protocol, ConnectionTraits traits) {
        counter.inc(loop.stats());
        traits.transportProtocol("raw_buffer");
        traits.applicationProtocols(List.of(protocol));
        return Verdict.CONTINUE;
    }

    private Verdict opaque(ConnectionTraits traits) {
        stats.opaque().inc(loop.stats());
        traits.transportProtocol("raw_buffer");
        return Verdict.CONTINUE;
    }
}
