package dev.starling.runtime.control.extension;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.DiscoveredExtension;
import dev.starling.config.Extension;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.http.GrpcWebConfig;
import dev.starling.config.http.OnDemandConfig;
import dev.starling.runtime.control.discovery.FakeDiscovery;
import dev.starling.runtime.network.FilterConfigs.Kind;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExtensionBookTest {

    private static final ConfigSource ADS = new ConfigSource.Ads(Duration.ofSeconds(15));
    private static final Extension FALLBACK = new Extension("fallback", "good.Type", new GrpcWebConfig());
    private static final Extension FOUND = new Extension("found", "good.Type", new GrpcWebConfig());
    private static final Extension OTHER = new Extension("other", "other.Type", new OnDemandConfig(Optional.empty()));
    private static final DiscoveredExtension WITHOUT_FALLBACK =
            new DiscoveredExtension(ADS, Optional.empty(), false, Set.of("good.Type"), Map.of());

    private final FakeDiscovery discovery = new FakeDiscovery();
    private final StatsStore stats = new StatsStore(1);
    private final ExtensionBook book = new ExtensionBook(discovery.resources(), stats);
    private final ExtensionBook.Lease lease = book.lease();
    private final List<Optional<Extension>> used = new ArrayList<>();

    private void send(Extension extension) {
        discovery.send(discovery.types.extensions(), "f", extension);
    }

    private long counter(String name) {
        return stats.counters().stream()
                .filter(counter -> counter.name().equals("extension_config_discovery.network_filter.f." + name))
                .mapToLong(Counter::value)
                .findFirst()
                .orElse(-1);
    }

    @Test
    void isWaitedForAndFollowed() {
        lease.follow(Kind.NETWORK, "f", WITHOUT_FALLBACK, used::add);
        assertThat(discovery.watched()).containsExactly("extension f");
        assertThat(used).containsExactly(Optional.empty());
        assertThat(lease.ready().toCompletableFuture()).isNotDone();

        send(FOUND);

        assertThat(lease.ready().toCompletableFuture()).isDone();
        assertThat(used).containsExactly(Optional.empty(), Optional.of(FOUND));
        assertThat(counter("config_reload")).isEqualTo(1);
    }

    @Test
    void aFallbackIsUsedUntilThereIsAnotherAndWhenItIsNoMore() {
        lease.follow(
                Kind.NETWORK,
                "f",
                new DiscoveredExtension(ADS, Optional.of(FALLBACK), true, Set.of("good.Type"), Map.of()),
                used::add);
        assertThat(lease.ready().toCompletableFuture()).isDone();

        send(FOUND);
        discovery.remove(discovery.types.extensions(), "f");

        assertThat(used).containsExactly(Optional.of(FALLBACK), Optional.of(FOUND), Optional.of(FALLBACK));
    }

    @Test
    void anotherTypeIsNotUsed() {
        lease.follow(Kind.NETWORK, "f", WITHOUT_FALLBACK, used::add);
        send(FOUND);

        send(OTHER);

        assertThat(used).containsExactly(Optional.empty(), Optional.of(FOUND));
        assertThat(counter("config_fail")).isEqualTo(1);
    }

    @Test
    void whatDoesNotComeInTimeIsNotWaitedFor() {
        lease.follow(Kind.NETWORK, "f", WITHOUT_FALLBACK, used::add);

        discovery.timeOut();

        assertThat(lease.ready().toCompletableFuture()).isDone();
        assertThat(used).containsExactly(Optional.empty());
    }

    @Test
    void severalChainsShareAWatchUntilTheLastHasEnded() {
        lease.follow(Kind.NETWORK, "f", WITHOUT_FALLBACK, used::add);
        ExtensionBook.Lease second = book.lease();
        List<Optional<Extension>> seconds = new ArrayList<>();
        second.follow(Kind.NETWORK, "f", WITHOUT_FALLBACK, seconds::add);
        assertThat(discovery.watched()).containsExactly("extension f");

        lease.end();
        send(FOUND);
        assertThat(used).containsExactly(Optional.empty());
        assertThat(seconds).containsExactly(Optional.empty(), Optional.of(FOUND));

        second.end();
        assertThat(discovery.watched()).isEmpty();
    }
}
