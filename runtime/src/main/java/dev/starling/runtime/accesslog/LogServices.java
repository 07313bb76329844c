package dev.starling.runtime.accesslog;

import dev.starling.config.accesslog.AccessLog.Destination;
import dev.starling.config.accesslog.LogService;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.xds.accesslog.LogStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The log services in use: logs that are configured alike share one stream on each loop, as in Envoy, which closes with the last
 * of them. Any thread.
 */
public final class LogServices {

    /** How long a process that ends waits for those who take its last entries. */
    private static final Duration LAST_ENTRIES = Duration.ofSeconds(1);

    private final Loops loops;
    private final Streams streams;
    private final LogServiceStats stats;
    private final Map<String, String> environment;

    /** Guarded by itself. */
    private final Map<LogService, Shared> inUse = new HashMap<>();

    /** Streams that have their last entries to deliver. */
    private final Set<LoopLog> closing = ConcurrentHashMap.newKeySet();

    /** Makes streams, which open nothing before there is something to be sent. */
    @FunctionalInterface
    public interface Streams {
        LogStream stream(LogService service, Loop loop, LoopLogStats stats);
    }

    private static final class Shared {

        private final List<LoopLog> logs;
        private int users;

        Shared(List<LoopLog> logs) {
            this.logs = List.copyOf(logs);
        }
    }

    /** @param environment of the process, for custom tags */
    public LogServices(Loops loops, Streams streams, StatsStore stats, Map<String, String> environment) {
        this.loops = loops;
        this.streams = streams;
        this.stats = LogServiceStats.in(stats);
        this.environment = Map.copyOf(environment);
    }

    ServiceSink open(Destination.Service config) {
        synchronized (inUse) {
            Shared shared = inUse.computeIfAbsent(config.service(), this::start);
            shared.users++;
            return new ServiceSink(
                    EntryFiller.of(config, environment), shared.logs, () -> close(config.service(), shared));
        }
    }

    private Shared start(LogService service) {
        List<LoopLog> logs = new ArrayList<>();
        for (Loop loop : loops) {
            logs.add(new LoopLog(
                    loop,
                    service.flushInterval(),
                    streams.stream(service, loop, new LoopLogStats(stats, loop.stats()))));
        }
        return new Shared(logs);
    }

    private void close(LogService service, Shared shared) {
        synchronized (inUse) {
            if (--shared.users > 0) {
                return;
            }
            inUse.remove(service, shared);
        }
        for (LoopLog log : shared.logs) {
            closing.add(log);
            log.close();
            log.closed().thenRun(() -> closing.remove(log));
        }
    }

    /** No log is in use any more; complete when the last entries are delivered, or it has taken too long. */
    public CompletionStage<Void> end() {
        return CompletableFuture.allOf(closing.stream().map(LoopLog::closed).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, LAST_ENTRIES.toMillis(), TimeUnit.MILLISECONDS);
    }
}
