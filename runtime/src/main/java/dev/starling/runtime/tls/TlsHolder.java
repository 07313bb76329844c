package dev.starling.runtime.tls;

import dev.starling.config.tls.Identity;
import dev.starling.config.tls.TlsProblem;
import dev.starling.config.tls.TrustStore;
import io.netty.buffer.ByteBufAllocator;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private final Consumer<TlsHolder> onClose;
    private volatile @Nullable TlsContext current;
    private final Runnable reloading = this::reload;
    private boolean closed;

    /** Makes a context of what the sources hold now. */
    interface Making {
        TlsContext make() throws TlsProblem;
    }

    /** @param owner whose it is, for logs */
    TlsHolder(String owner, HandshakeNotes notes, Making making, Consumer<TlsHolder> onClose) {
        this.owner = owner;
        this.notes = notes;
        this.making = making;
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
        current = making.make();
    }

    /** Files that were replaced between two reads do not belong together: then both are read again. */
    private TlsContext makeUnlessChanging() throws TlsProblem {
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
     * @return whether handshakes from now on use what was read
     */
    public synchronized boolean reload() {
        if (closed) {
            return false;
        }
        TlsContext before = current;
        try {
            current = makeUnlessChanging();
        } catch (TlsProblem problem) {
            log.warn("{}: certificates cannot be used, and stay as they were: {}", owner, problem.getMessage());
            return false;
        }
        if (before != null) {
            before.retire();
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
        TlsContext context = current;
        return context == null ? List.of() : context.material().identities();
    }

    public Optional<TrustStore> trust() {
        TlsContext context = current;
        return context == null ? Optional.empty() : context.material().trust();
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
            onClose.accept(this);
        }
    }
}
