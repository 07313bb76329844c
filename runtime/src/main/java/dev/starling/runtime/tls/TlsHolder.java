package dev.starling.runtime.tls;

import dev.starling.config.tls.Identity;
import dev.starling.config.tls.TlsProblem;
import dev.starling.config.tls.TrustStore;
import io.netty.buffer.ByteBufAllocator;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The current context of one filter chain or of one socket towards endpoints. Handshakes take the one that is current when they begin; a
 * change of files, or of a secret, replaces it. Any thread.
 */
public final class TlsHolder {

    private static final Logger log = LoggerFactory.getLogger(TlsHolder.class);

    /** How often sources are read before they are called broken. */
    private static final int READS = 3;

    private final String owner;
    private final HandshakeNotes notes;
    private final Making making;
    private final LeasedSecrets secrets;
    private final Consumer<TlsHolder> onClose;
    private volatile @Nullable TlsContext current;
    private final Runnable reloading = this::reload;
    private boolean closed;

    /** Makes a context of what the sources hold now. */
    interface Making {
        /** Empty while a secret that is needed has not come. */
        Optional<TlsContext> make() throws TlsProblem;
    }

    /**
     * @param owner whose it is, for logs
     * @param secrets which it gives back in the end
     */
    TlsHolder(String owner, HandshakeNotes notes, Making making, LeasedSecrets secrets, Consumer<TlsHolder> onClose) {
        this.owner = owner;
        this.notes = notes;
        this.making = making;
        this.secrets = secrets;
        this.onClose = onClose;
    }

    /** An engine, which is the caller's; empty while there is no context, and after {@link #close}. */
    Optional<SSLEngine> newEngine(ByteBufAllocator allocator, TlsContext.@Nullable Target target) {
        while (true) {
            TlsContext context = current;
            if (context == null) {
                return Optional.empty();
            }
            Optional<SSLEngine> engine = context.newEngine(allocator, target);
            if (engine.isPresent() || context == current) {
                return engine;
            }
        }
    }

    /** Reads the sources for the first time. */
    synchronized void load() throws TlsProblem {
        replace(making.make());
    }

    /** Complete when all secrets have come, or not come in time. */
    public CompletionStage<Void> ready() {
        return secrets.answered();
    }

    private void replace(Optional<TlsContext> made) {
        if (made.isPresent()) {
            TlsContext before = current;
            current = made.get();
            if (before != null) {
                before.retire();
            }
        }
    }

    /** Files that were replaced between two reads do not belong together: then both are read again. */
    private Optional<TlsContext> makeUnlessChanging() throws TlsProblem {
        for (int attempt = 1; attempt < READS; attempt++) {
            try {
                return making.make();
            } catch (TlsProblem problem) {
                log.debug("{}: reads its certificates again: {}", owner, problem.getMessage());
            }
        }
        return making.make();
    }

    /**
     * Reads the sources again. What cannot be used is told and leaves the context as it was.
     *
     * @return whether handshakes from now on use what was read, if all that is needed was there
     */
    public synchronized boolean reload() {
        if (closed) {
            return false;
        }
        try {
            replace(makeUnlessChanging());
        } catch (TlsProblem problem) {
            log.warn("{}: certificates cannot be used, and stay as they were: {}", owner, problem.getMessage());
            return false;
        }
        return true;
    }

    /** Of the handshakes of its engines, and of others. */
    HandshakeNotes notes() {
        return notes;
    }

    /** Whose it is. */
    public String owner() {
        return owner;
    }

    /** Always the same object. */
    Runnable reloading() {
        return reloading;
    }

    /** Its own certificates and those it trusts. */
    List<X509Certificate> certificates() {
        List<X509Certificate> all = new ArrayList<>();
        identities().forEach(identity -> all.add(identity.certificate()));
        trust().ifPresent(store -> all.addAll(store.authorities()));
        return all;
    }

    public List<Identity> identities() {
        return material().map(TlsMaterial::identities).orElse(List.of());
    }

    public Optional<TrustStore> trust() {
        return material().flatMap(TlsMaterial::trust);
    }

    /** What handshakes use; empty while there is no context. */
    Optional<TlsMaterial> material() {
        return Optional.ofNullable(current).map(TlsContext::material);
    }

    /** No engine will be asked for any more. */
    public synchronized void close() {
        if (!closed) {
            closed = true;
            TlsContext last = current;
            current = null;
            if (last != null) {
                last.retire();
            }
            secrets.end();
            onClose.accept(this);
        }
    }
}
