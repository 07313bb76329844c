package dev.starling.runtime.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Work that every loop does once, soon, however often it is asked for in the meantime: how what was published reaches the
 * loops without a queue that could grow. Any thread.
 */
public final class LoopTask {

    private final List<Pending> loops;

    /** @param work runs on each loop; sees everything that was published before it was requested */
    public LoopTask(Loops loops, Consumer<Loop> work) {
        List<Pending> all = new ArrayList<>();
        for (Loop loop : loops) {
            all.add(new Pending(loop, work));
        }
        this.loops = List.copyOf(all);
    }

    public void request() {
        loops.forEach(Pending::request);
    }

    private static final class Pending implements Runnable {

        private final Loop loop;
        private final Consumer<Loop> work;
        private final AtomicBoolean requested = new AtomicBoolean();

        Pending(Loop loop, Consumer<Loop> work) {
            this.loop = loop;
            this.work = work;
        }

        void request() {
            if (requested.compareAndSet(false, true)) {
                try {
                    loop.eventLoop().execute(this);
                } catch (RejectedExecutionException loopHasEnded) {
                    // Nothing on it is left to be told.
                }
            }
        }

        @Override
        public void run() {
            requested.set(false); // first, so that what is published during the work asks again
            work.accept(loop);
        }
    }
}
