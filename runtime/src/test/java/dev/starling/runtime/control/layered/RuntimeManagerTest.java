package dev.starling.runtime.control.layered;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.bootstrap.RuntimeLayer;
import dev.starling.config.bootstrap.RuntimeResource;
import dev.starling.config.bootstrap.RuntimeValue;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.runtime.control.Configs;
import dev.starling.runtime.control.ManualKit;
import dev.starling.runtime.control.discovery.FakeDiscovery;
import dev.starling.runtime.control.layered.RuntimeManager.Command;
import dev.starling.runtime.control.layered.RuntimeManager.Discover;
import dev.starling.runtime.control.layered.RuntimeManager.Modify;
import dev.starling.runtime.control.layered.RuntimeManager.ModifyResult;
import dev.starling.runtime.control.layered.RuntimeManager.ModifyResult.Modified;
import dev.starling.runtime.layered.RuntimeSlot;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RuntimeManagerTest {

    private static final ConfigSource ADS = new ConfigSource.Ads(Duration.ofSeconds(15));

    private final ManualKit manual = new ManualKit();

    @AfterAll
    void shutdown() {
        manual.shutdown();
    }

    private static RuntimeValue number(double number) {
        return RuntimeValue.number(number, String.valueOf((int) number));
    }

    private static RuntimeLayer fixed(String name, String key, double value) {
        return new RuntimeLayer.Static(name, Map.of(key, number(value)));
    }

    private final class Fixture {
        final FakeDiscovery discovery = new FakeDiscovery();
        final RuntimeSlot slot = new RuntimeSlot();
        final StatsStore stats = new StatsStore(1);
        final List<Runnable> moved = new ArrayList<>();
        final TestProbe<ModifyResult> results = manual.kit().createTestProbe();
        final TestProbe<RuntimeManager.State> states = manual.kit().createTestProbe();
        final ActorRef<Command> manager;

        Fixture(RuntimeLayer... layers) {
            manager = manual.kit()
                    .spawn(RuntimeManager.create(new RuntimeManager.Ports(
                            List.of(layers),
                            slot,
                            discovery.resources(),
                            (folder, told) -> {
                                moved.add(told);
                                return () -> moved.remove(told);
                            },
                            Configs.loader()::readRuntimeValue,
                            stats.scope("runtime."))));
        }

        /** What holds when all that was sent has been done. */
        RuntimeManager.State state() {
            manager.tell(new RuntimeManager.GetState(states.ref()));
            return states.receiveMessage();
        }

        CompletableFuture<Void> discover() {
            var complete = new CompletableFuture<Void>();
            manager.tell(new Discover(() -> complete.complete(null)));
            return complete;
        }

        void modify(String key, String value) {
            manager.tell(new Modify(Map.of(key, value), results.ref()));
        }

        long stat(String name) {
            return Stream.concat(
                            stats.counters().stream()
                                    .filter(counter -> counter.name().equals("runtime." + name))
                                    .map(Counter::value),
                            stats.gauges().stream()
                                    .filter(gauge -> gauge.name().equals("runtime." + name))
                                    .map(Gauge::value))
                    .collect(Collectors.summingLong(Long::longValue));
        }

        void send(double value) {
            discovery.send(discovery.types.runtime(), "r", new RuntimeResource("r", Map.of("k", number(value))));
        }
    }

    @Test
    void whatTheLayersSayTogetherIsPublishedAtOnce() {
        var fixture = new Fixture(fixed("a", "k", 1), fixed("b", "k", 2), new RuntimeLayer.Admin("c"));

        assertThat(fixture.state().layers()).containsExactly("a", "b", "c");
        assertThat(fixture.state().values()).containsExactly(Map.entry("k", "2"));
        assertThat(fixture.stat("num_layers")).isEqualTo(3);
        assertThat(fixture.stat("num_keys")).isEqualTo(1);
        assertThat(fixture.stat("load_success")).isEqualTo(1);
    }

    @Test
    void anOverrideCountsUntilItIsTakenBack() {
        var fixture = new Fixture(fixed("a", "k", 1), new RuntimeLayer.Admin("admin"));

        fixture.modify("k", "7");
        fixture.results.expectMessage(Modified.MODIFIED);
        assertThat(fixture.state().values()).containsExactly(Map.entry("k", "7"));
        assertThat(fixture.stat("admin_overrides_active")).isEqualTo(1);

        fixture.modify("k", "");
        fixture.results.expectMessage(Modified.MODIFIED);
        assertThat(fixture.state().values()).containsExactly(Map.entry("k", "1"));
        assertThat(fixture.stat("admin_overrides_active")).isZero();
    }

    @Test
    void anOverrideThatCannotBeReadChangesNothing() {
        var fixture = new Fixture(new RuntimeLayer.Admin("admin"));

        fixture.manager.tell(new Modify(Map.of("good", "1", "bad", "{unclosed"), fixture.results.ref()));

        assertThat(fixture.results.receiveMessage()).isInstanceOf(ModifyResult.Refused.class);
        assertThat(fixture.state().values()).isEmpty();
    }

    @Test
    void withoutAnAdminLayerNothingIsOverridden() {
        var fixture = new Fixture(fixed("a", "k", 1));

        fixture.modify("k", "7");

        fixture.results.expectMessage(new ModifyResult.Refused("No admin layer specified"));
    }

    @Test
    void aLayerOfAControlPlaneIsWaitedForAndFollowed() {
        var fixture = new Fixture(fixed("a", "k", 1), new RuntimeLayer.Discovered("b", "r", ADS));
        var complete = fixture.discover();
        fixture.discovery.awaitWatched("runtime r");
        assertThat(fixture.state().awaited()).containsExactly("b");
        assertThat(complete).isNotDone();

        fixture.send(5);
        assertThat(complete).succeedsWithin(Duration.ofSeconds(20));
        assertThat(fixture.state().values()).containsExactly(Map.entry("k", "5"));

        fixture.discovery.refuse(fixture.discovery.types.runtime(), "r");
        assertThat(fixture.state().values()).containsExactly(Map.entry("k", "5"));

        fixture.discovery.remove(fixture.discovery.types.runtime(), "r");
        assertThat(fixture.state().values()).containsExactly(Map.entry("k", "1"));
        assertThat(fixture.state().layers()).containsExactly("a", "b");
    }

    @Test
    void aLayerThatDoesNotComeInTimeIsNotWaitedForAndTakenLater() {
        var fixture = new Fixture(new RuntimeLayer.Discovered("b", "r", ADS));
        var complete = fixture.discover();
        fixture.discovery.awaitWatched("runtime r");

        fixture.discovery.timeOut();
        assertThat(complete).succeedsWithin(Duration.ofSeconds(20));

        fixture.send(5);
        assertThat(fixture.state().values()).containsExactly(Map.entry("k", "5"));
    }

    @Test
    void aLayerOnDiskIsReadAgainWhenItsLinkIsReplaced(@TempDir Path folder) throws Exception {
        write(folder, "one/envoy/health/count", "# how many\n12\n");
        write(folder, "two/envoy/health/count", "13");
        write(folder, "two/envoy/flag", "true");
        Files.createSymbolicLink(folder.resolve("current"), folder.resolve("one"));
        String link = folder.resolve("current").toString();
        var fixture = new Fixture(
                new RuntimeLayer.Disk("disk", link, link + "/envoy"),
                new RuntimeLayer.Disk("none", link, link + "/envoy_override/us"));
        assertThat(fixture.state().layers()).containsExactly("disk");
        assertThat(fixture.state().values()).containsExactly(Map.entry("health.count", "12"));
        assertThat(fixture.stat("override_dir_not_exists")).isEqualTo(1);

        Files.delete(folder.resolve("current"));
        Files.createSymbolicLink(folder.resolve("current"), folder.resolve("two"));
        fixture.moved.forEach(Runnable::run);

        assertThat(fixture.state().values()).isEqualTo(Map.of("health.count", "13", "flag", "true"));
    }

    @Test
    void aFolderThatCannotBeReadIsLeftOutAndCounted(@TempDir Path folder) throws Exception {
        write(folder, "envoy/bad", "{unclosed");
        var fixture =
                new Fixture(fixed("a", "k", 1), new RuntimeLayer.Disk("disk", folder.toString(), folder + "/envoy"));

        assertThat(fixture.state().layers()).containsExactly("a");
        assertThat(fixture.stat("load_error")).isEqualTo(1);
        assertThat(fixture.stat("load_success")).isZero();
    }

    private static void write(Path folder, String name, String content) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
