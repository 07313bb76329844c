package dev.starling.runtime.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.grpc.GrpcMethod;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsStore;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GrpcCallStatsTest {

    private final StatsStore store = new StatsStore(1);
    private final GrpcCallStats calls = new GrpcCallStats(store.scope("cluster.c."));

    private Map<String, Long> counted() {
        Map<String, Long> all = new TreeMap<>();
        for (Counter counter : store.counters()) {
            if (counter.name().startsWith("cluster.c.")) {
                all.put(counter.name().substring("cluster.c.".length()), counter.value());
            }
        }
        return all;
    }

    @Test
    void countsCallsUnderEnvoysNames() {
        GrpcMethodStats method = calls.of("grpc", new GrpcMethod("a.S", "M"));
        method.completed(store.stripe(0), "0");
        method.completed(store.stripe(0), "14");
        method.completed(store.stripe(0), "nonsense");
        method.requestMessages(store.stripe(0), 2);
        method.responseMessages(store.stripe(0), 0);
        assertThat(counted())
                .containsExactly(
                        Map.entry("grpc.a.S.M.0", 1L),
                        Map.entry("grpc.a.S.M.14", 1L),
                        Map.entry("grpc.a.S.M.failure", 2L),
                        Map.entry("grpc.a.S.M.other", 1L),
                        Map.entry("grpc.a.S.M.request_message_count", 2L),
                        Map.entry("grpc.a.S.M.success", 1L),
                        Map.entry("grpc.a.S.M.total", 3L));
    }

    @Test
    void hasNamesForSoManyMethodsAndNoMore() {
        for (int i = 0; i < GrpcCallStats.MAX_METHODS + 50; i++) {
            calls.of("grpc", new GrpcMethod("S", "M" + i)).completed(store.stripe(0), "0");
        }
        assertThat(counted()).containsEntry("grpc.total", 50L);
        assertThat(counted()).hasSize((GrpcCallStats.MAX_METHODS + 1) * 3);
        calls.of("grpc", new GrpcMethod("S", "M7")).completed(store.stripe(0), "0");
        assertThat(counted()).containsEntry("grpc.S.M7.total", 2L);
    }
}
