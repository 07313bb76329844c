package dev.starling.runtime.control.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.tls.DataSource;
import dev.starling.config.tls.SdsSecret;
import dev.starling.config.tls.Secret;
import dev.starling.runtime.control.ManualKit;
import dev.starling.runtime.control.discovery.FakeDiscovery;
import dev.starling.runtime.control.secret.SecretManager.Command;
import dev.starling.runtime.control.secret.SecretManager.GetState;
import dev.starling.runtime.control.secret.SecretManager.SecretView;
import dev.starling.runtime.control.secret.SecretManager.State;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.tls.SecretSource.Lease;
import dev.starling.xds.resource.HeldResources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretManagerTest {

    private static final SdsSecret NAMED =
            new SdsSecret("s", new ConfigSource.Ads(Duration.ofSeconds(15)), Secret.TicketKeys.class);

    private final ManualKit manual = new ManualKit();

    @AfterAll
    void shutdown() {
        manual.shutdown();
    }

    private final class Fixture {
        final FakeDiscovery discovery = new FakeDiscovery();
        final HeldResources held = new HeldResources();
        final StatsStore stats = new StatsStore(1);
        final Map<Path, Runnable> folders = new ConcurrentHashMap<>();
        final TestProbe<State> states = manual.kit().createTestProbe();
        final ActorRef<Command> manager = manual.kit().spawn(SecretManager.create((folder, moved) -> {
            folders.put(folder, moved);
            return () -> folders.remove(folder);
        }));
        final SecretBook book = new SecretBook(
                discovery,
                discovery.types.secrets(),
                manager::tell,
                held,
                stats,
                manual.clock().wall());
        final AtomicInteger told = new AtomicInteger();

        Lease lease() {
            return book.lease(NAMED, told::incrementAndGet);
        }

        void send(DataSource key) {
            discovery.send(discovery.types.secrets(), "s", new Secret.TicketKeys("s", List.of(key)));
        }

        State state() {
            manager.tell(new GetState(states.ref()));
            return states.receiveMessage();
        }

        long failedRotations() {
            return stats.counters().stream()
                    .filter(counter -> counter.name().equals("sds.s.key_rotation_failed"))
                    .mapToLong(Counter::value)
                    .sum();
        }
    }

    private static DataSource.Inline key(char content) {
        return DataSource.Inline.of(String.valueOf(content).repeat(80));
    }

    private static void has(Lease lease, DataSource key) {
        assertThat(lease.current()).contains(new Secret.TicketKeys("s", List.of(key)));
    }

    @Test
    void watchesASecretOnceHoweverManyUseItAndTellsAll() {
        var fixture = new Fixture();
        var one = fixture.lease();
        var two = fixture.lease();
        assertThat(fixture.discovery.watched()).containsExactly("secrets s");
        assertThat(fixture.held.watched(fixture.discovery.types.secrets().typeUrl()))
                .containsOnlyKeys("s");
        assertThat(one.answered().toCompletableFuture()).isNotDone();
        assertThat(one.current()).isEmpty();
        assertThat(fixture.state().secrets()).containsExactly(new SecretView("s", "warming", 2, Set.of()));

        fixture.send(key('a'));

        assertThat(two.answered()).succeedsWithin(Duration.ofSeconds(20));
        has(one, key('a'));
        has(two, key('a'));
        assertThat(fixture.told).hasValue(2);

        one.end();
        assertThat(fixture.discovery.watched()).containsExactly("secrets s");
        two.end();
        two.end();
        assertThat(fixture.discovery.watched()).isEmpty();
        assertThat(fixture.held.watched(fixture.discovery.types.secrets().typeUrl()))
                .isEmpty();
        assertThat(fixture.state().secrets()).isEmpty();
    }

    @Test
    void waitsNoLongerThanTheInitialFetchTimeoutAndTakesWhatComesLater() {
        var fixture = new Fixture();
        var lease = fixture.lease();

        fixture.discovery.timeOut();
        assertThat(lease.answered()).succeedsWithin(Duration.ofSeconds(20));
        assertThat(lease.current()).isEmpty();
        assertThat(fixture.told).hasValue(0);

        fixture.send(key('a'));
        assertThat(fixture.state().secrets()).extracting(SecretView::phase).containsExactly("active");
        has(lease, key('a'));
        assertThat(fixture.told).hasValue(1);
    }

    @Test
    void keepsWhatItHasWhenTheNextIsRefusedOrRemoved() {
        var fixture = new Fixture();
        var lease = fixture.lease();
        fixture.send(key('a'));

        fixture.discovery.refuse(fixture.discovery.types.secrets(), "s");
        fixture.discovery.remove(fixture.discovery.types.secrets(), "s");

        assertThat(fixture.state().secrets()).hasSize(1);
        has(lease, key('a'));
        assertThat(fixture.told).hasValue(1);
    }

    @Test
    void readsFilesAgainWhenSomethingIsMovedBesideThem(@TempDir Path folder) throws IOException {
        var fixture = new Fixture();
        var lease = fixture.lease();
        Path file = Files.write(folder.resolve("key"), key('a').read());
        fixture.send(new DataSource.File(file.toString()));
        assertThat(fixture.state().secrets()).extracting(SecretView::folders).containsExactly(Set.of(folder));
        has(lease, key('a'));

        fixture.folders.values().forEach(Runnable::run); // something else has moved
        assertThat(fixture.state().secrets()).hasSize(1);
        assertThat(fixture.told).hasValue(1);

        Files.write(file, key('b').read());
        fixture.folders.values().forEach(Runnable::run);
        assertThat(fixture.state().secrets()).hasSize(1);
        assertThat(fixture.told).hasValue(2);
        has(lease, key('b'));

        Files.writeString(file, "too short");
        fixture.folders.values().forEach(Runnable::run);
        assertThat(fixture.state().secrets()).hasSize(1);
        assertThat(fixture.failedRotations()).isEqualTo(1);
        has(lease, key('b'));

        fixture.send(key('c'));
        assertThat(fixture.state().secrets()).extracting(SecretView::folders).containsExactly(Set.of());
        assertThat(fixture.folders).isEmpty();
        has(lease, key('c'));
    }
}
