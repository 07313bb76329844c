package dev.starling.runtime.loop;

/**
 * What flows through a {@link LoopFlow}: a connection or exchange that has events pending. It enters the flow when it
 * becomes ready and at most once until its turn; its events wait inside it. Confined to its loop.
 */
public abstract class Ready {

    /** Whether it waits in the flow's queue; kept by the flow. */
    boolean queued;

    /**
     * Ends this element after an exception escaped one of its turns: reply or reset, release everything. Must not throw.
     */
    protected abstract void fail(Throwable cause);
}
