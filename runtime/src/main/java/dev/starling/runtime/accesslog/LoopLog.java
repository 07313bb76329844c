package dev.starling.runtime.accesslog;

import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.xds.accesslog.LogEntry;
import dev.starling.xds.accesslog.LogStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** The stream of one log service on one loop, and the timer that empties its buffer. Confined to the loop but for its end. */
final class LoopLog {

    /** How long a service has to take the last entries before its stream is closed. */
    private static final Duration LAST_ENTRIES = Duration.ofSeconds(5);

    private final Loop loop;
    private final long flushNanos;
    private final LogStream stream;
    private final TimerWheel.Timer timer = new Flush();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private boolean closing;

    LoopLog(Loop loop, Duration flushInterval, LogStream stream) {
        this.loop = loop;
        this.flushNanos = flushInterval.toNanos();
        this.stream = stream;
    }

    /** @param fills the entry, if there is room for one */
    void log(Consumer<LogEntry> fills) {
        if (stream.hasRoom()) {
            LogEntry entry = new LogEntry();
            fills.accept(entry);
            stream.add(entry);
        }
        armIfNeeded();
    }

    private void armIfNeeded() {
        if (stream.holdsEntries() && !timer.armed()) {
            loop.timers().arm(timer, flushNanos);
        }
    }

    /** What is held is sent, if the service takes it in time. Once; any thread. */
    void close() {
        try {
            loop.run(() -> {
                closing = true;
                loop.timers().arm(timer, LAST_ENTRIES.toNanos());
                stream.finish(() -> closed.complete(null));
            });
        } catch (RejectedExecutionException loopHasEnded) { // and the stream with it
            closed.complete(null);
        }
    }

    /** Complete when what was held at the end has been taken, or is lost. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    private final class Flush extends TimerWheel.Timer {
        @Override
        protected void expired() {
            if (closing) {
                stream.cancel();
                closed.complete(null);
            } else {
                stream.flush();
                armIfNeeded();
            }
        }
    }
}
