package dev.starling.runtime.control.cluster;

import java.time.Duration;

/**
 * Decides when a change of a cluster's endpoints is published: what changes membership at once, the rest at most once in
 * {@code update_merge_window}. The rules of Envoy's {@code ClusterManagerImpl::scheduleUpdate}.
 *
 * @param windowNanos 0: everything at once
 * @param opened whether anything was published yet
 * @param lastNanos when that was
 * @param waiting whether changes wait for the window's end
 */
record MergeWindow(long windowNanos, boolean opened, long lastNanos, boolean waiting) {

    static MergeWindow of(Duration window) {
        return new MergeWindow(window.toNanos(), false, 0, false);
    }

    /**
     * What becomes of a change.
     *
     * @param deliver publish now, with everything that waited
     * @param arm wake up when a whole window has passed, and then call {@link #merged}
     * @param outOfWindow it could have been merged, but there was nothing to merge with
     * @param cancelled what waited for the window's end need not any more
     */
    record Step(MergeWindow window, boolean deliver, boolean arm, boolean outOfWindow, boolean cancelled) {}

    Step changed(boolean mergeable, long nowNanos) {
        if (windowNanos == 0) {
            return new Step(this, true, false, false, false);
        }
        boolean past = !opened || nowNanos - lastNanos > windowNanos;
        if (past || !mergeable) {
            return new Step(merged(nowNanos), true, false, past && mergeable, waiting);
        }
        return new Step(new MergeWindow(windowNanos, true, lastNanos, true), false, !waiting, false, false);
    }

    /** Everything that waited is published now. */
    MergeWindow merged(long nowNanos) {
        return new MergeWindow(windowNanos, true, nowNanos, false);
    }
}
