package dev.starling.lb.picker;

import dev.starling.lb.EndpointSet;
import dev.starling.lb.HealthLists;
import dev.starling.lb.PriorityEndpoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The share of requests that each priority gets, for its healthy and for its degraded endpoints, and which priorities
 * are in panic. In whole percent with truncating divisions, exactly as Envoy's {@code LoadBalancerBase} computes it; the
 * shares add up to 100 always.
 */
public final class PriorityLoad {

    private static final int NONE = -1;

    private final int[] healthy;
    private final int[] degraded;
    private final boolean[] panic;

    private PriorityLoad(int priorities) {
        healthy = new int[priorities];
        degraded = new int[priorities];
        panic = new boolean[priorities];
    }

    /**
     * One priority, as far as its share depends on it.
     *
     * @param overprovisioningFactor percent
     * @param weighted its health is judged by weights rather than counts
     */
    public record Level(HealthLists lists, int overprovisioningFactor, boolean weighted) {

        /** From 0 to 100: the available part, with the overprovisioning factor as head room. */
        private int availability(int count, long weight) {
            long part = weighted ? weight : count;
            long whole = weighted ? lists.countedWeight() : lists.counted();
            return lists.counted() == 0 ? 0 : (int) Math.min(100, overprovisioningFactor * part / whole);
        }

        private double availablePercent() {
            if (lists.counted() == 0) {
                return 0;
            }
            return 100.0 * lists.healthy().size() / lists.counted()
                    + 100.0 * lists.degraded().size() / lists.counted();
        }
    }

    /**
     * The load as the health of the endpoints has it.
     *
     * @param panicThreshold percent; 0 disables panic
     */
    public static PriorityLoad of(EndpointSet endpoints, int panicThreshold) {
        return of(levels(endpoints), panicThreshold);
    }

    /** The same for priorities that need not be of one set. */
    public static PriorityLoad of(List<Level> levels, int panicThreshold) {
        PriorityLoad load = new PriorityLoad(levels.size());
        int[] healthyShare = new int[levels.size()];
        int[] degradedShare = new int[levels.size()];
        int available = 0;
        for (int p = 0; p < healthyShare.length; p++) {
            Level level = levels.get(p);
            HealthLists lists = level.lists();
            healthyShare[p] =
                    level.availability(lists.healthy().size(), lists.healthy().weight());
            degradedShare[p] =
                    level.availability(lists.degraded().size(), lists.degraded().weight());
            available += healthyShare[p] + degradedShare[p];
        }
        int total = Math.min(100, available);
        if (total > 0) {
            load.distribute(healthyShare, degradedShare, total);
        }
        load.panic(levels, total, panicThreshold);
        return load;
    }

    /** The priorities of one set. */
    public static List<Level> levels(EndpointSet endpoints) {
        List<Level> levels = new ArrayList<>(endpoints.priorities().size());
        for (PriorityEndpoints priority : endpoints.priorities()) {
            levels.add(new Level(
                    priority.lists(), endpoints.overprovisioningFactor(), endpoints.weightedPriorityHealth()));
        }
        return levels;
    }

    private void distribute(int[] healthyShare, int[] degradedShare, int total) {
        int afterHealthy = distribute(healthyShare, healthy, 100, total);
        int roundedOff = distribute(degradedShare, degraded, afterHealthy, total);
        int firstHealthy = firstAvailable(healthyShare);
        if (firstHealthy != NONE) {
            healthy[firstHealthy] += roundedOff;
        } else {
            degraded[firstAvailable(degradedShare)] += roundedOff;
        }
    }

    private static int distribute(int[] share, int[] load, int toDistribute, int total) {
        int remaining = toDistribute;
        for (int p = 0; p < share.length; p++) {
            load[p] = Math.min(remaining, share[p] * 100 / total);
            remaining -= load[p];
        }
        return remaining;
    }

    private static int firstAvailable(int[] share) {
        for (int p = 0; p < share.length; p++) {
            if (share[p] > 0) {
                return p;
            }
        }
        return NONE;
    }

    private void panic(List<Level> levels, int total, int panicThreshold) {
        if (total == 100) {
            return;
        }
        int calm = NONE;
        for (int p = panic.length - 1; p >= 0; p--) {
            panic[p] = levels.get(p).availablePercent() < panicThreshold;
            calm = panic[p] ? calm : p;
        }
        if (calm == NONE) {
            shareByCount(levels);
        } else if (total == 0) {
            // Nothing was distributed: panic is off, or the overprovisioning factor is so small that even a priority
            // above the threshold rounds to nothing. Envoy leaves the second case to what the loads were before.
            healthy[calm] = 100;
        }
    }

    /** Total panic: health says nothing any more, so the load follows the number of endpoints. */
    private void shareByCount(List<Level> levels) {
        Arrays.fill(degraded, 0);
        long all = 0;
        int firstWithMembers = NONE;
        for (int p = panic.length - 1; p >= 0; p--) {
            int count = levels.get(p).lists().all().size();
            all += count;
            firstWithMembers = count > 0 ? p : firstWithMembers;
        }
        if (firstWithMembers == NONE) {
            healthy[0] = 100;
            return;
        }
        int remaining = 100;
        for (int p = 0; p < healthy.length; p++) {
            healthy[p] = (int) (100L * levels.get(p).lists().all().size() / all);
            remaining -= healthy[p];
        }
        healthy[firstWithMembers] += remaining;
    }

    public int priorities() {
        return healthy.length;
    }

    /** Percent of requests for the healthy endpoints of a priority; for all of them if it is in panic. */
    public int healthy(int priority) {
        return healthy[priority];
    }

    /** Percent of requests for the degraded endpoints of a priority. */
    public int degraded(int priority) {
        return degraded[priority];
    }

    public boolean inPanic(int priority) {
        return panic[priority];
    }

    /**
     * Where a request goes.
     *
     * @param percent from 0 to 99, at random or from the request's hash
     * @return a priority for its healthy endpoints, or {@link #priorities()} more than that for its degraded ones
     */
    public int choose(int percent) {
        int reached = 0;
        for (int p = 0; p < healthy.length; p++) {
            reached += healthy[p];
            if (percent < reached) {
                return p;
            }
        }
        for (int p = 0; p < degraded.length; p++) {
            reached += degraded[p];
            if (percent < reached) {
                return healthy.length + p;
            }
        }
        throw new IllegalStateException("priority loads add up to " + reached);
    }
}
