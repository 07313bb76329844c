package dev.starling.runtime.cluster;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells the owner of a cluster's limits that one was reached or left: once, until the owner has looked, however often a
 * count moves across its limit in the meantime. Any thread.
 */
public final class LimitWatch {

    private final AtomicBoolean told = new AtomicBoolean();
    private volatile Runnable owner = () -> {};

    /** @param newOwner called on event loops: must not block */
    public void tell(Runnable newOwner) {
        owner = newOwner;
    }

    /** The owner is about to look at the counts; what crosses a limit from now on is told again. */
    public void looking() {
        told.set(false);
    }

    void crossed() {
        if (!told.get() && told.compareAndSet(false, true)) {
            owner.run();
        }
    }
}
