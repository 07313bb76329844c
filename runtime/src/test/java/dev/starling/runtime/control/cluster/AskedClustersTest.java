package dev.starling.runtime.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.OnDemandClusters;
import dev.starling.runtime.control.cluster.AskedClusters.Name;
import dev.starling.runtime.control.cluster.AskedClusters.Waiting;
import dev.starling.xds.protocol.Change;
import dev.starling.xds.subscription.Watch.Update;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AskedClustersTest {

    private static final ConfigSource ADS = new ConfigSource.Ads(Duration.ofSeconds(15));
    private static final String ALL = "xdstp://plane/envoy.config.cluster.v3.Cluster/*";
    private static final Optional<String> LOCATOR = Optional.of(ALL);
    private static final Name LOCATED = new Name(ALL, ADS, true);
    private static final Update<Cluster> MISSING =
            new Update.Answered<>(new Change<>("1", List.of(), List.of("a"), List.of()));

    private final List<String> watched = new ArrayList<>();
    private final List<String> answered = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private final AskedClusters asked = new AskedClusters(
            name -> {
                watched.add(name.resource());
                return () -> watched.remove(name.resource());
            },
            known::contains);

    private Waiting ask(String cluster) {
        return ask(cluster, Optional.empty());
    }

    private Waiting ask(String cluster, Optional<String> locator) {
        var where = new OnDemandClusters(ADS, locator, Duration.ofSeconds(5));
        var waiting = new Waiting(cluster, where, () -> answered.add(cluster));
        asked.ask(waiting);
        return waiting;
    }

    private static Name named(String cluster) {
        return new Name(cluster, ADS, false);
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

        assertThat(asked.tell(named("a"), MISSING)).isFalse();
        assertThat(answered).containsExactly("a");
        assertThat(watched).isEmpty();

        ask("a");
        assertThat(watched).containsExactly("a");
        assertThat(asked.tell(named("a"), new Update.NothingCame<>())).isFalse();
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

    @Test
    void theFirstToAskHasTheLocatedWatchedAndLaterOnesAreAskedForByName() {
        ask("first", LOCATOR);
        ask("later", LOCATOR);
        ask("came", LOCATOR);
        Waiting gone = ask("gone", LOCATOR);
        asked.giveUp(gone);
        assertThat(watched).containsExactly(ALL);

        known.add("came");
        asked.heard(LOCATED);
        asked.heard(LOCATED);

        assertThat(watched).containsExactly(ALL, "later");
        assertThat(answered).isEmpty();
        asked.answer("came");
        assertThat(answered).containsExactly("came");

        ask("next", LOCATOR);
        ask("first", LOCATOR);
        known.add("warming");
        ask("warming", LOCATOR);
        assertThat(watched).containsExactly(ALL, "later", "next", "first");
    }

    @Test
    void eachLocatorIsAnotherAndNoneIsAClusterOfThatName() {
        ask("a", LOCATOR);
        ask("b", Optional.of(ALL + "?other=1"));
        ask(ALL);
        assertThat(watched).containsExactly(ALL, ALL + "?other=1", ALL);

        asked.tell(named(ALL), new Update.NothingCame<>());

        assertThat(answered).containsExactly(ALL);
        ask("c", LOCATOR);
        assertThat(watched).hasSize(2);
    }

    @Test
    void whoWaitsForTheLocatedIsAnsweredIfTooManyAreAskedFor() {
        ask("first", LOCATOR);
        ask("later", LOCATOR);
        for (int i = 1; i < 10_000; i++) {
            asked.giveUp(ask("c" + i));
        }

        asked.heard(LOCATED);

        assertThat(answered).containsExactly("later");
    }
}
