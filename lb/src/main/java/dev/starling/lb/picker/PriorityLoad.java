package dev.starling.lb.picker;

import dev.starling.lb.EndpointSet;
import dev.starling.lb.HealthLists;
import dev.starling.lb.PriorityEndpoints;
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
     * The load as the health of the endpoints has it.
     *
     * @param panicThreshold percent; 0 disables panic
     */
    public static PriorityLoad of(EndpointSet endpoints, int panicThreshold) {
        List<PriorityEndpoints> priorities = endpoints.priorities();
        PriorityLoad load = new PriorityLoad(priorities.size());
        int[] healthyShare = new int[priorities.size()];
        int[] degradedShare = new int[priorities.size()];
        for (int p = 0; p < healthyShare.length; p++) {
            HealthLists lists = priorities.get(p).lists();
            healthyShare[p] = availability(
                    endpoints, lists, lists.healthy().size(), lists.healthy().weight());
            degradedShare[p] = availability(
                    endpoints, lists, lists.degraded().size(), lists.degraded().weight());
        }
        int total = Math.min(
                100,
                Arrays.stream(healthyShare).sum() + Arrays.stream(degradedShare).sum());
        if (total > 0) {
            load.distribute(healthyShare, degradedShare, total);
        }
        load.panic(priorities, total, panicThreshold);
        return load;
    }

    /** From 0 to 100: the available part, with the overprovisioning factor as head room. */
    private static int availability(EndpointSet endpoints, HealthLists lists, int count, long weight) {
        long part = endpoints.weightedPriorityHealth() ? weight : count;
        long whole = endpoints.weightedPriorityHealth() ? lists.countedWeight() : lists.counted();
        return lists.counted() == 0 ? 0 : (int) Math.min(100, endpoints.overprovisioningFactor() * part / whole);
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

    private void panic(List<PriorityEndpoints> priorities, int total, int panicThreshold) {
        if (total == 100) {
            return;
        }
        int calm = NONE;
        for (int p = panic.length - 1; p >= 0; p--) {
            panic[p] = availablePercent(priorities.get(p).lists()) < panicThreshold;
            calm = panic[p] ? calm : p;
        }
        if (calm == NONE) {
            shareByCount(priorities);
        } else if (total == 0) {
            // Nothing was distributed: panic is off, or the overprovisioning factor is so small that even a priority
            // above the threshold rounds to nothing. Envoy leaves the second case to what the loads were before.
            healthy[calm] = 100;
        }
    }

    private static double availablePercent(HealthLists lists) {
        if (lists.counted() == 0) {
            return 0;
        }
        return 100.0 * lists.healthy().size() / lists.counted()
                + 100.0 * lists.degraded().size() / lists.counted();
    }

    /** Total panic: health says nothing any more, so the load follows the number of endpoints. */
    private void shareByCount(List<PriorityEndpoints> priorities) {
        Arrays.fill(degraded, 0);
        long all = 0;
        int firstWithMembers = NONE;
        for (int p = panic.length - 1; p >= 0; p--) {
            int count = priorities.get(p).lists().all().size();
            all += count;
            firstWithMembers = count > 0 ? p : firstWithMembers;
        }
        if (firstWithMembers == NONE) {
            healthy[0] = 100;
            return;
        }
        int remaining = 100;
        for (int p = 0; p < healthy.length; p++) {
            healthy[p] = (int) (100L * priorities.get(p).lists().all().size() / all);
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
