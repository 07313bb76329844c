package dev.starling.runtime.network.tcpproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.tcp.TcpProxy.WeightedCluster;
import dev.starling.runtime.cluster.ClusterTable;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightedClustersTest {

    private static final long SEED = 42;

    @Test
    void dividesConnectionsByWeight() {
        var clusters = of(new WeightedCluster("a", 1), new WeightedCluster("b", 3));
        var random = new SplittableRandom(SEED);
        int toA = 0;
        for (int i = 0; i < 40_000; i++) {
            toA += clusters.choose(random).name().equals("a") ? 1 : 0;
        }

        assertThat(toA).isBetween(9_700, 10_300); // three standard deviations are 260
    }

    @Test
    void takesWhatIsDrawnAsUnsigned() {
        var clusters = of(new WeightedCluster("a", 3), new WeightedCluster("b", 1), new WeightedCluster("c", 2));

        assertThat(clusters.choose(() -> 2).name()).isEqualTo("a");
        assertThat(clusters.choose(() -> 3).name()).isEqualTo("b");
        assertThat(clusters.choose(() -> 4).name()).isEqualTo("c");
        assertThat(clusters.choose(() -> 6).name()).isEqualTo("a");
        assertThat(clusters.choose(() -> -1).name()).isEqualTo("b"); // 2^64 - 1 is 3 beyond a multiple of 6
    }

    @Test
    void asksNoChanceWhereThereIsNoChoice() {
        var clusters = of(new WeightedCluster("only", 1));

        assertThat(clusters.choose(() -> {
                            throw new AssertionError("drawn");
                        })
                        .name())
                .isEqualTo("only");
    }

    private static WeightedClusters of(WeightedCluster... clusters) {
        return WeightedClusters.of(List.of(clusters), new ClusterTable());
    }
}
