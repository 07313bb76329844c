package dev.starling.bench.xds;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Changes endpoints and clusters at fixed rates, until it is closed. */
final class Updates implements AutoCloseable {

    /** Clusters that change in turn, the one that is asked among them. */
    private static final int CHANGING = 10;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger changes = new AtomicInteger();
    private int clusterChanges;

    /** @param endpointMillis between two changes; 0: there are none; the same of clusters */
    Updates(Plane plane, Crowd crowd, int endpointMillis, int clusterMillis) {
        if (endpointMillis > 0) {
            Runnable change = () -> {
                crowd.change();
                changes.incrementAndGet();
            };
            clock.scheduleAtFixedRate(change, endpointMillis, endpointMillis, TimeUnit.MILLISECONDS);
        }
        if (clusterMillis > 0) {
            clock.scheduleAtFixedRate(() -> change(plane), clusterMillis, clusterMillis, TimeUnit.MILLISECONDS);
        }
    }

    private void change(Plane plane) {
        int number = ++clusterChanges;
        String name = Content.name(number % CHANGING);
        plane.change(Content.CLUSTERS, name, () -> Content.cluster(name, number));
    }

    /** Of endpoints, so far. */
    int changes() {
        return changes.get();
    }

    @Override
    public void close() {
        clock.close();
    }
}
