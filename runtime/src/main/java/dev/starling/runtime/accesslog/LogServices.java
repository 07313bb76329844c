package dev.starling.runtime.accesslog;

import dev.starling.config.accesslog.AccessLog.Destination;
import dev.starling.config.accesslog.LogService;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.xds.accesslog.LogStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;

/**
 * The log services in use: logs that are configured alike share one stream on each loop, as in Envoy, which closes with the last
 * of them. Any thread.
 */
public final class LogServices {

    private final Loops loops;
    private final Streams streams;
    private final LogServiceStats stats;
    private final Map<String, String> environment;

    /** Guarded by itself. */
    private final Map<LogService, Shared> inUse = new HashMap<>();

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
            try {
                log.close();
            } catch (RejectedExecutionException loopHasEnded) {
                // And the stream with it.
            }
        }
    }
}
