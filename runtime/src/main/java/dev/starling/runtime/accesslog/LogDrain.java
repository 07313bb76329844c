package dev.starling.runtime.accesslog;

import dev.starling.runtime.time.Clock;
import java.io.IOException;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves lines from the ring into the buffers of their files, and writes these when they are full or the flush interval
 * is over. All of it on one thread, which may block in a write; {@link #add}, {@link #remove} and {@link #reopenAll}
 * are for others.
 */
final class LogDrain {

    private static final Logger LOG = LoggerFactory.getLogger(LogDrain.class);
    private static final int LINES_A_TURN = 1_000;
    private static final long NANOS_BETWEEN_COMPLAINTS = 60_000_000_000L;

    private final LineRing ring;
    private final AccessLogStats stats;
    private final Clock clock;
    private final long flushIntervalNanos;

    /** By number; replaced when a file comes or goes. */
    private volatile @Nullable LogFile[] files = new LogFile[0];

    private final Queue<Integer> removals = new ConcurrentLinkedQueue<>();
    private volatile boolean reopenWanted;

    private long nextFlushNanos;
    private long nextComplaintNanos;

    LogDrain(LineRing ring, AccessLogStats stats, Clock clock, AccessLogSettings settings) {
        this.ring = ring;
        this.stats = stats;
        this.clock = clock;
        this.flushIntervalNanos = settings.flushInterval().toNanos();
        this.nextFlushNanos = clock.nanoTime() + flushIntervalNanos;
        this.nextComplaintNanos = clock.nanoTime();
    }

    /** The number under which the ring knows the file. */
    synchronized int add(LogFile file) {
        @Nullable LogFile[] now = files;
        int free = 0;
        while (free < now.length && now[free] != null) {
            free++;
        }
        @Nullable LogFile[] next = Arrays.copyOf(now, Math.max(now.length, free + 1));
        next[free] = file;
        files = next;
        return free;
    }

    /** Once all lines before have been written. */
    void remove(int file) {
        removals.add(file);
    }

    void reopenAll() {
        reopenWanted = true;
    }

    /** Whether the next turn has more to do than to move lines. */
    boolean isAsked() {
        return reopenWanted || !removals.isEmpty();
    }

    /** Does what there is to do, and says how many lines were moved. */
    int turn() {
        int expectedRemovals = removals.size();
        int lines = ring.drain(this::move, LINES_A_TURN);
        stats.writeBuffered().add(lines);
        if (reopenWanted) {
            reopenWanted = false;
            reopen();
        }
        if (lines < LINES_A_TURN) {
            removed(expectedRemovals);
        }
        long now = clock.nanoTime();
        if (now - nextFlushNanos >= 0) {
            nextFlushNanos = now + flushIntervalNanos;
            stats.flushedByTimer().inc();
            flushAll();
        }
        stats.writeTotalBuffered().set(buffered());
        return lines;
    }

    /** Until something must be flushed; negative if nothing is buffered. */
    long nanosToFlush() {
        return buffered() == 0 ? -1 : Math.max(0, nextFlushNanos - clock.nanoTime());
    }

    /** When no line will come any more. */
    void finish() {
        while (turn() > 0) {}
        flushAll();
        for (int i = 0; i < files.length; i++) {
            close(i);
        }
        stats.writeTotalBuffered().set(0);
    }

    private void move(int number, byte[] bytes, int offset, int length) {
        LogFile file = files[number];
        if (file == null) {
            return;
        }
        if (file.hasRoom(length)) {
            file.buffer(bytes, offset, length);
        } else {
            write(file, bytes, offset, length);
        }
    }

    private void flushAll() {
        for (LogFile file : files) {
            if (file != null && file.buffered() > 0) {
                write(file, new byte[0], 0, 0);
            }
        }
    }

    private void write(LogFile file, byte[] bytes, int offset, int length) {
        try {
            file.write(bytes, offset, length);
            stats.writeCompleted().inc();
        } catch (IOException e) {
            stats.writeFailed().inc();
            complain("could not write access log", file, e);
        }
    }

    private void reopen() {
        flushAll();
        for (LogFile file : files) {
            if (file != null) {
                try {
                    file.reopen();
                } catch (IOException e) {
                    stats.reopenFailed().inc();
                    complain("could not reopen access log", file, e);
                }
            }
        }
    }

    private void removed(int count) {
        for (int i = 0; i < count; i++) {
            Integer number = removals.poll();
            if (number != null) {
                close(number);
            }
        }
    }

    private synchronized void close(int number) {
        @Nullable LogFile[] next = files.clone();
        LogFile file = next[number];
        next[number] = null;
        files = next;
        if (file == null) {
            return;
        }
        if (file.buffered() > 0) {
            write(file, new byte[0], 0, 0);
        }
        try {
            file.close();
        } catch (IOException e) {
            complain("could not close access log", file, e);
        }
    }

    private long buffered() {
        long sum = 0;
        for (LogFile file : files) {
            sum += file == null ? 0 : file.buffered();
        }
        return sum;
    }

    /** At most once a minute: a full disk fails every write. */
    private void complain(String what, LogFile file, IOException failure) {
        long now = clock.nanoTime();
        if (now - nextComplaintNanos >= 0) {
            nextComplaintNanos = now + NANOS_BETWEEN_COMPLAINTS;
            LOG.warn("{} '{}': {}", what, file.name(), failure.toString());
        }
    }
}
