package dev.starling.runtime.tls;

import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.TlsProblem;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslEngine;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Engines of QUIC, which has a provider of its own, for whatever a holder holds when a connection begins. Any thread. */
@SuppressWarnings("ReferenceEquality") // a holder's material is another one when it has been read again
public final class QuicTls {

    private final TlsHolder holder;
    private final TlsContextFactory contexts;
    private final DownstreamTls config;
    private volatile @Nullable Made made;

    private record Made(TlsMaterial of, QuicSslContext context) {}

    QuicTls(TlsHolder holder, TlsContextFactory contexts, DownstreamTls config) throws TlsProblem {
        this.holder = holder;
        this.contexts = contexts;
        this.config = config;
        Optional<TlsMaterial> material = holder.material();
        this.made = material.isPresent() ? make(material.get()) : null;
    }

    private Made make(TlsMaterial material) throws TlsProblem {
        return new Made(material, contexts.quic(config, material));
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
