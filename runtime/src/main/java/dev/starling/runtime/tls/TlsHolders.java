package dev.starling.runtime.tls;

import dev.starling.config.tls.CommonTls;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.PeerValidation;
import dev.starling.config.tls.TlsProblem;
import dev.starling.config.tls.UpstreamTls;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes the holders of one proxy, and knows those in use. Any thread. */
public final class TlsHolders implements AutoCloseable {

    private final TlsContextFactory contexts;
    private final MovedFiles files = new MovedFiles();
    private final Set<TlsHolder> inUse = ConcurrentHashMap.newKeySet();

    public TlsHolders(TlsContextFactory contexts) {
        this.contexts = contexts;
    }

    /**
     * For a filter chain.
     *
     * @param owner whose it is, for logs
     * @param stats where changes of secrets count
     * @throws TlsProblem if what validation has read cannot be read any more
     */
    public TlsHolder server(String owner, DownstreamTls config, SecretSource source, TlsStats stats) throws TlsProblem {
        LeasedSecrets secrets = new LeasedSecrets();
        TlsHolder holder = new TlsHolder(
                owner,
                contexts.notes(),
                () -> {
                    Optional<DownstreamTls> filled = secrets.fill(config);
                    return filled.isEmpty() ? Optional.empty() : Optional.of(contexts.server(filled.get()));
                },
                secrets,
                this::closed);
        secrets.begin(config.secrets(), source, () -> changed(holder, stats));
        try {
            holder.load();
        } catch (TlsProblem problem) {
            secrets.end();
            throw problem;
        }
        return opened(holder, watched(config));
    }

    /**
     * For a socket towards endpoints. What cannot be read leaves it without a context: connections fail until it can.
     *
     * @param owner whose it is, for logs
     * @param stats where changes of secrets count
     */
    public TlsHolder client(String owner, UpstreamTls config, SecretSource source, TlsStats stats) {
        LeasedSecrets secrets = new LeasedSecrets();
        TlsHolder holder = new TlsHolder(
                owner,
                contexts.notes(),
                () -> {
                    Optional<UpstreamTls> filled = secrets.fill(config);
                    return filled.isEmpty() ? Optional.empty() : Optional.of(contexts.client(filled.get()));
                },
                secrets,
                this::closed);
        secrets.begin(config.common().secrets().all(), source, () -> changed(holder, stats));
        holder.reload();
        return opened(holder, watched(config.common()));
    }

    private static void changed(TlsHolder holder, TlsStats stats) {
        if (holder.reload()) {
            stats.updatedBySds.inc();
        }
    }

    /** For the filter chain of a holder whose connections are QUIC's. */
    public QuicTls quic(TlsHolder holder, DownstreamTls config, TlsStats stats) throws TlsProblem {
        return new QuicTls(holder, contexts, config, stats);
    }

    private TlsHolder opened(TlsHolder holder, Set<Path> folders) {
        inUse.add(holder);
        if (!folders.isEmpty()) {
            files.watch(folders, holder.reloading());
        }
        return holder;
    }

    /** Ticket keys are looked for where they are kept: nothing says where else. */
    private static Set<Path> watched(DownstreamTls config) {
        Set<Path> folders = watched(config.common());
        if (config.tickets() instanceof DownstreamTls.Tickets.Keys(var keys)) {
            keys.forEach(key -> key.folder().ifPresent(folders::add));
        }
        return folders;
    }

    private static Set<Path> watched(CommonTls config) {
        Set<Path> folders = new HashSet<>();
        config.certificates()
                .forEach(source -> source.watchedDirectory().map(Path::of).ifPresent(folders::add));
        config.validation()
                .flatMap(PeerValidation::trust)
                .flatMap(PeerValidation.Trust::watchedDirectory)
                .map(Path::of)
                .ifPresent(folders::add);
        return folders;
    }

    private void closed(TlsHolder holder) {
        inUse.remove(holder);
        files.forget(holder.reloading());
    }

    /** Days until the first certificate expires, or authority; empty if there are none, zero if one has. */
    public OptionalLong daysUntilFirstExpires() {
        Instant now = contexts.clock().instant();
        return inUse.stream()
                .flatMap(holder -> holder.certificates().stream())
                .mapToLong(certificate -> Math.max(
                        0,
                        Duration.between(now, certificate.getNotAfter().toInstant())
                                .toDays()))
                .min();
    }

    /** Calls whenever something is moved into the folder, from a thread of its own, until what it returns is run. */
    public Runnable watchFolder(Path folder, Runnable moved) {
        // One of each caller's own: by it the watch is told from others.
        Runnable listener = () -> moved.run();
        files.watch(Set.of(folder), listener);
        return () -> files.forget(listener);
    }

    /** No files are watched any more. */
    @Override
    public void close() {
        files.close();
    }

    /** Those that are not closed. */
    public Collection<TlsHolder> all() {
        return List.copyOf(inUse);
    }
}
