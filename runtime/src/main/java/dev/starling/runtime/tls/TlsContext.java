package dev.starling.runtime.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A provider's context made of certificates, keys and trust as they were at one moment. Any thread. */
final class TlsContext {

    /** Sessions are kept by name and port; ours is always the same. */
    private static final int ANY_PORT = 443;

    private final SslContext context;
    private final TlsMaterial material;
    private final EngineSetup setup;
    private final @Nullable Offering offering;
    private final Map<List<String>, SslContext> variants = new HashMap<>();
    private boolean retired;

    /** Makes the context that offers protocols where none are configured. */
    interface Offering {
        SslContext of(List<String> protocols) throws SSLException;
    }

    /**
     * Whom a client connects to.
     *
     * @param protocols offered where none are configured
     */
    record Target(PeerNames names, List<String> protocols) {}

    /** What a provider's context cannot be told, each engine is. */
    interface EngineSetup {
        void prepare(SSLEngine engine, String serverName);
    }

    /** @param offering null where protocols are configured, or none are to be offered */
    TlsContext(SslContext context, TlsMaterial material, EngineSetup setup, @Nullable Offering offering) {
        this.context = context;
        this.material = material;
        this.setup = setup;
        this.offering = offering;
    }

    TlsMaterial material() {
        return material;
    }

    /**
     * Whether the context is still in use; it then stays so until it is released once more. One that was replaced is gone
     * with its last engine.
     */
    private static boolean enter(SslContext context) {
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
     * @param target whom a client connects to; null for servers
     */
    Optional<SSLEngine> newEngine(ByteBufAllocator allocator, @Nullable Target target) {
        if (target == null) {
            return newEngine(context, context -> context.newEngine(allocator), "");
        }
        SslContext offers = offering(target.protocols());
        return offers == null
                ? Optional.empty()
                : newEngine(
                        offers,
                        entered -> entered.newEngine(allocator, target.names().host(), ANY_PORT),
                        target.names().server());
    }

    private Optional<SSLEngine> newEngine(SslContext entered, Function<SslContext, SSLEngine> making, String name) {
        if (!enter(entered)) {
            return Optional.empty();
        }
        try {
            SSLEngine engine = making.apply(entered);
            setup.prepare(engine, name);
            return Optional.of(engine);
        } finally {
            ReferenceCountUtil.release(entered);
        }
    }

    /** Null if this has been replaced. */
    private synchronized @Nullable SslContext offering(List<String> protocols) {
        if (retired || offering == null || protocols.isEmpty()) {
            return retired ? null : context;
        }
        SslContext known = variants.get(protocols);
        if (known == null) {
            try {
                known = offering.of(protocols);
            } catch (SSLException impossible) {
                throw new IllegalStateException("differs in protocols only", impossible);
            }
            variants.put(protocols, known);
        }
        return known;
    }

    /** No new engines; what is in use stays until it is closed. */
    synchronized void retire() {
        retired = true;
        ReferenceCountUtil.release(context);
        variants.values().forEach(ReferenceCountUtil::release);
    }
}
