package dev.starling.runtime.tls;

import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.TlsProblem;
import dev.starling.runtime.stats.StatsStripe;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslEngine;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Engines of QUIC, which has a provider of its own, for whatever a holder holds when a connection begins. Any thread. */
@SuppressWarnings("ReferenceEquality") // a holder's material is another one when it has been read again
public final class QuicTls {

    private final TlsHolder holder;
    private final TlsContextFactory contexts;
    private final DownstreamTls config;
    private final TlsStats stats;
    private volatile @Nullable Made made;

    private record Made(TlsMaterial of, QuicSslContext context) {}

    QuicTls(TlsHolder holder, TlsContextFactory contexts, DownstreamTls config, TlsStats stats) throws TlsProblem {
        this.stats = stats;
        this.holder = holder;
        this.contexts = contexts;
        this.config = config;
        Optional<TlsMaterial> material = holder.material();
        this.made = material.isPresent() ? make(material.get()) : null;
    }

    private Made make(TlsMaterial material) throws TlsProblem {
        return new Made(material, contexts.quic(config, material));
    }

    /**
     * Follows the handshake of a connection that has just been made.
     *
     * @param stripe of the connection's loop
     * @param serverName told the name that the client asks for, in lower case, if it does
     */
    public TlsSession follow(QuicChannel channel, StatsStripe stripe, Consumer<String> serverName) {
        SSLEngine engine = Objects.requireNonNull(channel.sslEngine());
        channel.pipeline().addLast(new QuicHandshake(engine, holder.notes(), stats, stripe, serverName));
        return TlsSession.ofQuic(engine);
    }

    /** An engine, which is the caller's. @throws IllegalStateException while there are no certificates */
    public QuicSslEngine newEngine(ByteBufAllocator allocator) {
        TlsMaterial now =
                holder.material().orElseThrow(() -> new IllegalStateException("Secret is not supplied by SDS"));
        Made current = made;
        if (current == null || current.of() != now) {
            try {
                current = make(now);
                made = current;
            } catch (TlsProblem impossible) {
                throw new IllegalStateException("what the holder has taken QUIC does not take", impossible);
            }
        }
        return current.context().newEngine(allocator);
    }
}
