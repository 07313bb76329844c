package dev.starling.runtime.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** A provider's context made of certificates, keys and trust as they were at one moment. Any thread. */
final class TlsContext {

    /** Sessions are kept by name and port; ours is always the same. */
    private static final int ANY_PORT = 443;

    private final SslContext context;
    private final TlsMaterial material;
    private final EngineSetup setup;

    /** What a provider's context cannot be told, each engine is. */
    interface EngineSetup {
        void prepare(SSLEngine engine, @Nullable String serverName);
    }

    TlsContext(SslContext context, TlsMaterial material, EngineSetup setup) {
        this.context = context;
        this.material = material;
        this.setup = setup;
    }

    TlsMaterial material() {
        return material;
    }

    /**
     * Whether the context is still in use; it then stays so until it is released once more. One that was replaced is gone
     * with its last engine.
     */
    private boolean enter() {
        if (context instanceof ReferenceCounted counted) {
            try {
                counted.retain();
            } catch (IllegalReferenceCountException replaced) {
                return false;
            }
        }
        return true;
    }

    /**
     * An engine of this context, which is the caller's; empty if the context has been replaced.
     *
     * @param serverName asked for by a client, which resumes sessions by it; null for servers
     */
    Optional<SSLEngine> newEngine(ByteBufAllocator allocator, @Nullable String serverName) {
        if (!enter()) {
            return Optional.empty();
        }
        try {
            SSLEngine engine = serverName == null
                    ? context.newEngine(allocator)
                    : context.newEngine(allocator, sessionKey(serverName), ANY_PORT);
            setup.prepare(engine, serverName);
            return Optional.of(engine);
        } finally {
            ReferenceCountUtil.release(context);
        }
    }

    /** Under this name sessions are kept. With a dot at its end it is no name that a provider would ask for by itself. */
    private static String sessionKey(String serverName) {
        return serverName.isEmpty() ? "nameless." : serverName;
    }

    /** No new engines; what is in use stays until it is closed. */
    void retire() {
        ReferenceCountUtil.release(context);
    }
}
