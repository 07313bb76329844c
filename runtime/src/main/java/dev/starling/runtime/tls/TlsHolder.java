package dev.starling.runtime.tls;

import dev.starling.config.tls.Identity;
import dev.starling.config.tls.TlsProblem;
import dev.starling.config.tls.TrustStore;
import io.netty.buffer.ByteBufAllocator;
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

    private final String owner;
    private final Making making;
    private final Consumer<TlsHolder> onClose;
    private volatile TlsContext current;
    private boolean closed;

    /** Makes a context of what the sources hold now. */
    interface Making {
        TlsContext make() throws TlsProblem;
    }

    /** @param owner whose it is, for logs */
    TlsHolder(String owner, Making making, Consumer<TlsHolder> onClose) throws TlsProblem {
        this.owner = owner;
        this.making = making;
        this.onClose = onClose;
        this.current = making.make();
    }

    /** An engine, which is the caller's. */
    SSLEngine newEngine(ByteBufAllocator allocator, @Nullable String serverName) {
        while (true) {
            TlsContext context = current;
            Optional<SSLEngine> engine = context.newEngine(allocator, serverName);
            if (engine.isPresent()) {
                return engine.get();
            }
            if (context == current) {
                throw new IllegalStateException(owner + ": TLS was closed");
            }
        }
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
        try {
            TlsContext next = making.make();
            TlsContext before = current;
            current = next;
            before.retire();
            return true;
        } catch (TlsProblem problem) {
            log.warn(
                    "{}: keeps its certificates, because the new ones cannot be used: {}", owner, problem.getMessage());
            return false;
        }
    }

    public List<Identity> identities() {
        return current.material().identities();
    }

    public Optional<TrustStore> trust() {
        return current.material().trust();
    }

    /** No engine will be asked for any more. */
    public synchronized void close() {
        if (!closed) {
            closed = true;
            current.retire();
            onClose.accept(this);
        }
    }
}
