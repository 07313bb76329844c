package dev.starling.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Collects the buffers that were lost without being released, by Netty's leak detector at its level paranoid. */
public final class LeakWatch implements AutoCloseable {

    static final String WITNESS = "witness ";

    private static final AtomicInteger WITNESSES = new AtomicInteger();
    private static final int COLLECTIONS = 1000;

    private final List<String> leaks = new CopyOnWriteArrayList<>();

    private LeakWatch() {}

    public static LeakWatch start() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        LeakWatch watch = new LeakWatch();
        ByteBufUtil.setLeakListener((type, records) -> watch.leaks.add(records));
        return watch;
    }

    /** The leaks so far. Loses a buffer itself and waits until that is reported: so all lost before it are, too. */
    public List<String> leaks() {
        String witness = WITNESS + WITNESSES.incrementAndGet();
        lose(witness);
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            ByteBufAllocator.DEFAULT.directBuffer(1).release(); // the detector reports when it next has work
            if (leaks.removeIf(leak -> leak.contains(witness))) {
                return List.copyOf(leaks);
            }
        }
        throw new AssertionError("the leak detector reports nothing");
    }

    /** A frame of its own, so that no local variable keeps the buffer. */
    private static void lose(String witness) {
        ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(16);
        buffer.touch(witness);
    }

    @Override
    public void close() {
        ByteBufUtil.setLeakListener(null);
    }
}
