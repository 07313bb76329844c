package dev.starling.xds.subscription;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Remembers what was counted, in words. */
public class RecordingStats implements SubscriptionStats {

    private final List<String> counted = new ArrayList<>();

    protected final void count(String event) {
        counted.add(event);
    }

    /** What was counted since this was last asked. */
    public final List<String> counted() {
        List<String> taken = List.copyOf(counted);
        counted.clear();
        return taken;
    }

    @Override
    public final void attempted() {
        count("attempted");
    }

    @Override
    public final void succeeded(String version, Instant now) {
        count("succeeded " + version);
    }

    @Override
    public final void took(Duration time) {
        if (!time.isZero()) {
            count("took " + time.toMillis() + " ms");
        }
    }

    @Override
    public final void rejected() {
        count("rejected");
    }

    @Override
    public final void failed() {
        count("failed");
    }

    @Override
    public final void timedOut() {
        count("timed out");
    }
}
