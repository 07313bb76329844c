package dev.starling.runtime.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.runtime.control.cluster.AskedClusters.Name;
import dev.starling.runtime.control.cluster.AskedClusters.Waiting;
import dev.starling.xds.protocol.Change;
import dev.starling.xds.subscription.Watch.Update;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AskedClustersTest {

    private static final ConfigSource ADS = new ConfigSource.Ads(Duration.ofSeconds(15));
    private static final Update<Cluster> MISSING =
            new Update.Answered<>(new Change<>("1", List.of(), List.of("a"), List.of()));

    private final List<String> watched = new ArrayList<>();
    private final List<String> answered = new ArrayList<>();
    private final AskedClusters asked = new AskedClusters(name -> {
        watched.add(name.cluster());
        return () -> watched.remove(name.cluster());
    });

    private Waiting ask(String cluster) {
        var waiting = new Waiting(new Name(cluster, ADS), () -> answered.add(cluster));
        asked.ask(waiting);
        return waiting;
    }

    @Test
    void allWhoWaitForAClusterAreAnsweredTogetherAndItIsAskedForOnce() {
        ask("a");
        ask("a");
        ask("b");
        assertThat(watched).containsExactly("a", "b");

        asked.answer("a");

        assertThat(answered).containsExactly("a", "a");
        assertThat(watched).containsExactly("a", "b");
    }

    @Test
    void whatIsNotThereIsForgottenAndMayBeAskedForAgain() {
        ask("a");

        assertThat(asked.tell(new Name("a", ADS), MISSING)).isFalse();
        assertThat(answered).containsExactly("a");
        assertThat(watched).isEmpty();

        ask("a");
        assertThat(watched).containsExactly("a");
        assertThat(asked.tell(new Name("a", ADS), new Update.NothingCame<>())).isFalse();
        assertThat(answered).containsExactly("a", "a");
    }

    @Test
    void whoHasGivenUpIsNotAnswered() {
        Waiting one = ask("a");
        ask("a");

        asked.giveUp(one);
        asked.giveUp(one);
        asked.answer("a");

        assertThat(answered).containsExactly("a");
    }

    @Test
    void clientsCannotNameAnyNumberOfClusters() {
        for (int i = 0; i < 10_000; i++) {
            asked.giveUp(ask("c" + i));
        }
        assertThat(answered).isEmpty();

        ask("one more");

        assertThat(answered).containsExactly("one more");
        assertThat(watched).hasSize(10_000);
    }

    @Test
    void onlySoManyWait() {
        Waiting first = ask("a");
        for (int i = 1; i < 10_000; i++) {
            ask("a");
        }
        assertThat(answered).isEmpty();

        ask("a");
        assertThat(answered).containsExactly("a");

        asked.giveUp(first);
        ask("a");
        assertThat(answered).containsExactly("a");
    }
}
