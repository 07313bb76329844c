package dev.starling.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.LoadedBootstrap;
import dev.starling.config.proto.support.FieldSupport;
import dev.starling.launcher.demo.Demo;
import dev.starling.runtime.BuiltInExtensions;
import dev.starling.runtime.Server;
import dev.starling.runtime.ServerOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class UnreadyTargetsTest {

    @Test
    void areTheClustersAndListenersThatDoNotServeYet() throws Exception {
        ExtensionRegistry extensions =
                BuiltInExtensions.register(new ExtensionRegistry.Builder()).build();
        var loader = new ConfigLoader(new ConfigReader(FieldSupport.builtIn(), Map.of()), extensions);
        Options options = new CommandLineFixture().optionsOf("-c", "demo.yaml");
        try (var demo = Demo.start()) {
            LoadedBootstrap loaded = new BootstrapLoader(loader).load(demo.bootstrap(0, 0), options);
            Server server = Server.create(
                    ServerOptions.of(loaded.bootstrap(), extensions).withConcurrency(1));
            try {
                var unready = new UnreadyTargets(loaded.bootstrap(), server.views());
                assertThat(unready.get())
                        .extracting(manager -> manager.name().replaceAll("\\d+", "#") + ": " + manager.targets())
                        .containsExactly(
                                "cluster: [target cluster birds]",
                                "Listener-local-init-manager demo #: []",
                                "Listener-local-init-manager demo-tls #: []");

                server.start().toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(unready.get()).isEmpty();
            } finally {
                server.shutdown(Duration.ZERO).toCompletableFuture().get(20, TimeUnit.SECONDS);
            }
        }
    }
}
