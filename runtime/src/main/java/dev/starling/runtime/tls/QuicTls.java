package dev.starling.runtime.tls;

import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.Identity;
import dev.starling.config.tls.TlsProblem;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslEngine;
import java.util.List;

/** Engines of QUIC, which has a provider of its own, for whatever a holder holds when a connection begins. Any thread. */
@SuppressWarnings("ReferenceEquality") // a holder's list is another one when it has been read again
public final class QuicTls {

    private final TlsHolder holder;
    private final TlsContextFactory contexts;
    private final DownstreamTls config;
    private volatile Made made;

    private record Made(List<Identity> of, QuicSslContext context) {}

    QuicTls(TlsHolder holder, TlsContextFactory contexts, DownstreamTls config) throws TlsProblem {
        this.holder = holder;
        this.contexts = contexts;
        this.config = config;
        this.made = make(holder.identities());
    }

    private Made make(List<Identity> identities) throws TlsProblem {
        return new Made(identities, contexts.quic(config, identities, holder.trust()));
    }

    /** An engine, which is the caller's. */
    public QuicSslEngine newEngine(ByteBufAllocator allocator) {
        List<Identity> now = holder.identities();
        Made current = made;
        if (current.of() != now) {
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
