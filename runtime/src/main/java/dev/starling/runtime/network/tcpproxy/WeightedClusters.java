package dev.starling.runtime.network.tcpproxy;

import dev.starling.config.tcp.TcpProxy.WeightedCluster;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterTable;
import java.util.List;
import java.util.random.RandomGenerator;

/** The clusters that connections are divided among, by a draw each. Immutable. */
final class WeightedClusters {

    private final ClusterSlot[] slots;

    /** The sum of the weights up to and with each cluster. */
    private final long[] ends;

    private WeightedClusters(ClusterSlot[] slots, long[] ends) {
        this.slots = slots;
        this.ends = ends;
    }

    static WeightedClusters of(List<WeightedCluster> clusters, ClusterTable table) {
        ClusterSlot[] slots = new ClusterSlot[clusters.size()];
        long[] ends = new long[clusters.size()];
        long sum = 0;
        for (int i = 0; i < slots.length; i++) {
            sum += clusters.get(i).weight();
            slots[i] = table.slot(clusters.get(i).name());
            ends[i] = sum;
        }
        return new WeightedClusters(slots, ends);
    }

    ClusterSlot choose(RandomGenerator random) {
        int last = slots.length - 1;
        if (last == 0) {
            return slots[0];
        }
        long drawn = Long.remainderUnsigned(random.nextLong(), ends[last]);
        int i = 0;
        while (drawn >= ends[i]) {
            i++;
        }
        return slots[i];
    }
}
