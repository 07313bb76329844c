package dev.starling.runtime.tls;

import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.TlsProblem;
import dev.starling.config.tls.UpstreamTls;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes the holders of one proxy, and knows those in use. Any thread. */
public final class TlsHolders {

    private final TlsContextFactory contexts;
    private final Set<TlsHolder> inUse = ConcurrentHashMap.newKeySet();

    public TlsHolders(TlsContextFactory contexts) {
        this.contexts = contexts;
    }

    /**
     * For a filter chain.
     *
     * @param owner whose it is, for logs
     * @throws TlsProblem if what validation has read cannot be read any more
     */
    public TlsHolder server(String owner, DownstreamTls config) throws TlsProblem {
        TlsHolder holder = new TlsHolder(owner, () -> contexts.server(config), inUse::remove);
        holder.load();
        inUse.add(holder);
        return holder;
    }

    /**
     * For a socket towards endpoints. What cannot be read leaves it without a context: connections fail until it can.
     *
     * @param owner whose it is, for logs
     */
    public TlsHolder client(String owner, UpstreamTls config) {
        TlsHolder holder = new TlsHolder(owner, () -> contexts.client(config), inUse::remove);
        holder.reload();
        inUse.add(holder);
        return holder;
    }

    /** Those that are not closed. */
    public Collection<TlsHolder> all() {
        return List.copyOf(inUse);
    }
}
