package dev.starling.runtime;

import static dev.starling.runtime.control.Configs.bootstrap;
import static dev.starling.runtime.control.Configs.chain;
import static dev.starling.runtime.control.Configs.cluster;
import static dev.starling.runtime.control.Configs.httpListener;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.bootstrap.Bootstrap;
import dev.starling.runtime.control.Configs;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.http.Load;
import dev.starling.runtime.http.RawUpstream;
import dev.starling.runtime.listener.DrainOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners and clusters replaced through the actors while clients ask as fast as they can: nobody loses a request. */
@Timeout(120)
class SwapsUnderLoadIT {

    private static final int SWAPS = 100;
    private static final int KEEPING = 6;
    private static final int RECONNECTING = 6;
    private static final long SEED = System.nanoTime();

    @ParameterizedTest
    @EnumSource(DrainOptions.Strategy.class)
    void losesNoRequest(DrainOptions.Strategy strategy) throws Exception {
        System.out.println("SwapsUnderLoadIT seed " + SEED);
        try (var first = RawUpstream.answering(answer("first"));
                var second = RawUpstream.answering(answer("second"))) {
            Server server = Server.create(ServerOptions.of(bootstrap(List.of(), List.of()), Configs.EXTENSIONS)
                            .withConcurrency(2)
                            .withSeed(SEED)
                            .withDraining(new DrainOptions(Duration.ofMinutes(10), strategy)))
                    .start()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            put(server, version(0, first.address()));
            try (Load load = Load.of(address(server), KEEPING, RECONNECTING)) {
                for (int i = 1; i <= SWAPS; i++) {
                    boolean odd = i % 2 == 1;
                    put(server, version(i, odd ? second.address() : first.address()));
                    load.await("x-version: v" + i);
                    load.await("x-upstream: " + (odd ? "second" : "first"));
                }
                load.stop();

                assertThat(load.failures()).isEmpty();
                assertThat(load.closes()).as("kept connections that moved on").isPositive();
                System.out.printf(
                        "%d answers over %d swaps of both, %d connections ended by us%n",
                        load.answers(), SWAPS, load.closes());
            }
            var stats = server.proxy().stats().scope("");
            assertThat(stats.counter("listener_manager.listener_modified").value())
                    .isEqualTo(SWAPS);
            assertThat(stats.counter("listener_manager.listener_in_place_updated")
                            .value())
                    .isEqualTo(SWAPS - SWAPS / 5);
            assertThat(stats.counter("cluster_manager.cluster_modified").value())
                    .isEqualTo(SWAPS);
            server.shutdown(Duration.ofSeconds(5)).toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    private static String answer(String name) {
        return "HTTP/1.1 200 OK\r\nx-upstream: " + name + "\r\ncontent-length: 5\r\n\r\nhello";
    }

    /** Each with another filter chain and another cluster; each fifth with another listener around the chain, too. */
    private static Bootstrap version(int version, InetSocketAddress endpoint) {
        String listener = httpListener("in", 0, chain("", "up", "v" + version))
                + "    per_connection_buffer_limit_bytes: " + (1_000_000 + version / 5) + "\n";
        String cluster = cluster("up", "connect_timeout: %ds".formatted(10 + version), endpoint);
        return bootstrap(List.of(listener), List.of(cluster));
    }

    private static void put(Server server, Bootstrap version) throws Exception {
        CompletionStage<UpdateResult> cluster = server.update(version.clusters().getFirst());
        CompletionStage<UpdateResult> listener =
                server.update(version.listeners().getFirst());
        assertThat(cluster.toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(UpdateResult.Done.IN_SERVICE);
        assertThat(listener.toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(UpdateResult.Done.IN_SERVICE);
    }

    private static InetSocketAddress address(Server server) {
        return (InetSocketAddress)
                server.views().listeners().views().getFirst().localAddresses().getFirst();
    }
}
