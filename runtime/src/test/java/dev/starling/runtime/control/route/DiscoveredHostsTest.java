package dev.starling.runtime.control.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.starling.config.HeaderMutations;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.VirtualHost;
import dev.starling.config.route.VirtualHost.TlsRequirement;
import dev.starling.runtime.control.discovery.FakeDiscovery;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.xds.protocol.Change;
import dev.starling.xds.resource.Held;
import dev.starling.xds.subscription.Watch.Update;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiscoveredHostsTest {

    private static final ConfigSource ADS = new ConfigSource.Ads(Duration.ofSeconds(15));

    private final FakeDiscovery discovery = new FakeDiscovery();
    private final List<String> told = new ArrayList<>();
    private final List<String> answered = new ArrayList<>();
    private final DiscoveredHosts hosts = new DiscoveredHosts(
            "routes",
            ADS,
            discovery.resources(),
            new StatsStore(1).scope("vhds."),
            _ -> told.add("hosts"),
            (host, update) -> told.add(host));

    private static VirtualHost host(String name, String... domains) {
        return new VirtualHost(
                name,
                List.of(domains),
                List.of(),
                TlsRequirement.NONE,
                HeaderMutations.NONE,
                false,
                false,
                Map.of(),
                VirtualHost.Retries.NONE);
    }

    private static Held<VirtualHost> held(String name, String... domains) {
        return new Held<>(
                name,
                "1",
                List.of(),
                Any.getDefaultInstance(),
                host(name, domains),
                List.of(domains).hashCode(),
                Instant.EPOCH,
                false);
    }

    private static Update<VirtualHost> updated(String name, String... domains) {
        return new Update.Answered<>(new Change<>("1", List.of(held(name, domains)), List.of(), List.of()));
    }

    private static Update<VirtualHost> removed(String name) {
        return new Update.Answered<>(new Change<>("1", List.of(), List.of(name), List.of()));
    }

    private RouteConfiguration over(VirtualHost... own) {
        return hosts.over(
                new RouteConfiguration("routes", List.of(own), HeaderMutations.NONE, List.of(), false, false, 7));
    }

    private List<String> names(VirtualHost... own) {
        return over(own).virtualHosts().stream().map(VirtualHost::name).toList();
    }

    @Test
    void takesWhatIsNamedAfterItsConfiguration() {
        assertThat(hosts.answered()).isFalse();
        assertThat(hosts.tell(updated("routes/a", "a"))).isTrue();
        assertThat(hosts.tell(updated("others/b", "b"))).isFalse();
        assertThat(hosts.tell(updated("routes/x/c", "c"))).isFalse();

        assertThat(hosts.answered()).isTrue();
        assertThat(names(host("own", "own"))).containsExactly("own", "routes/a");
    }

    @Test
    void aDomainThatIsTakenIsNotTakenAgain() {
        hosts.tell(updated("routes/a", "own"));
        hosts.tell(updated("routes/b", "b", "bb"));
        hosts.tell(updated("routes/c", "bb"));

        assertThat(names(host("own", "own"))).containsExactly("own", "routes/b");
    }

    @Test
    void whatChangesChangesTheHash() {
        long before = over().contentHash();
        hosts.tell(updated("routes/a", "a"));
        long with = over().contentHash();
        hosts.tell(removed("routes/a"));

        assertThat(before).isEqualTo(7);
        assertThat(with).isNotEqualTo(7);
        assertThat(over().contentHash()).isEqualTo(7);
    }

    @Test
    void aHostIsAskedForOnceHoweverManyRequestsWaitForIt() {
        hosts.ask("a", () -> answered.add("first"));
        hosts.ask("a", () -> answered.add("second"));
        assertThat(discovery.watched()).containsExactly("hosts *", "hosts routes/a");
        assertThat(answered).isEmpty();

        hosts.tell("a", updated("routes/a", "a"));
        assertThat(answered).containsExactly("first", "second");

        hosts.ask("a", () -> answered.add("third"));
        assertThat(answered).containsExactly("first", "second", "third");
    }

    @Test
    void aHostThatIsNotThereIsAskedForAgain() {
        hosts.ask("a", () -> answered.add("first"));
        hosts.tell("a", removed("routes/a"));
        assertThat(answered).containsExactly("first");
        assertThat(discovery.watched()).containsExactly("hosts *");

        hosts.ask("a", () -> answered.add("second"));
        assertThat(discovery.watched()).containsExactly("hosts *", "hosts routes/a");
        hosts.tell("a", new Update.NothingCame<>());
        assertThat(answered).containsExactly("first", "second");
    }

    @Test
    void moreHostsThanThereIsRoomForAreNotAskedFor() {
        for (int i = 0; i < 10_000; i++) {
            hosts.ask("h" + i, () -> {});
        }
        hosts.ask("one more", () -> answered.add("at once"));

        assertThat(answered).containsExactly("at once");
        assertThat(discovery.watched()).hasSize(10_001);
    }

    @Test
    void nobodyWaitsWhenItEnds() {
        hosts.ask("a", () -> answered.add("first"));

        hosts.end();

        assertThat(answered).containsExactly("first");
        assertThat(discovery.watched()).isEmpty();
        assertThat(told).isEmpty();
    }
}
