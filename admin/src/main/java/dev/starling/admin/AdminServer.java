package dev.starling.admin;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.starling.config.Address;
import dev.starling.config.bootstrap.Admin;
import dev.starling.runtime.ServerState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.apache.pekko.management.javadsl.ReadinessCheckSetup;

/**
 * The admin API on its address: pekko-management in an actor system of its own, so that the pages answer whatever the
 * proxy's dispatchers are busy with (docs/decisions/0009).
 */
public final class AdminServer {

    private static final String DEFAULT_DISPATCHER = "pekko.actor.default-dispatcher";

    private final ActorSystem system;
    private final InetSocketAddress address;

    private AdminServer(ActorSystem system, InetSocketAddress address) {
        this.system = system;
        this.address = address;
    }

    /**
     * Completes when the address is bound; fails if it cannot be, and then nothing is left running. Most of it happens on
     * another thread, so that the caller can start the proxy meanwhile.
     */
    public static CompletionStage<AdminServer> start(Admin settings, AdminContext context) {
        try {
            probe(settings.address());
        } catch (IOException taken) {
            return CompletableFuture.failedStage(taken);
        }
        return CompletableFuture.supplyAsync(() -> serve(settings, context)).thenCompose(serving -> serving);
    }

    private static CompletionStage<AdminServer> serve(Admin settings, AdminContext context) {
        Config config = config(settings.address());
        List<AdminCommand> commands = new ArrayList<>(AdminPages.of(context));
        if (context.bridges().kamon() || config.getBoolean("starling.admin.kamon-prometheus")) {
            commands.add(AdminPages.kamon(context.stats(), config));
        }
        AdminApi api = new AdminApi(commands);
        ActorSystem system = ActorSystem.create(
                "starling-admin",
                ActorSystemSetup.create(
                        BootstrapSetup.create(config),
                        new AdminSetup(api),
                        ReadinessCheckSetup.create(_ -> List.of(readiness(context.state())))));
        return PekkoManagement.get(system)
                .start()
                .thenApply(uri -> new AdminServer(
                        system, new InetSocketAddress(settings.address().host(), uri.port())))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        system.terminate();
                    }
                });
    }

    /** What cannot be bound is said in one line here; Pekko would log where in its code that came out. */
    private static void probe(Address.Socket address) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address.host(), address.port()));
        } catch (SocketException failure) {
            throw new IOException("cannot bind '" + address.display() + "': " + failure.getMessage(), failure);
        }
    }

    /** The admin dispatcher is the system's own for everything, and pekko-management goes where the bootstrap says. */
    private static Config config(Address.Socket address) {
        Config config = ConfigFactory.load();
        return config.getConfig("starling.admin-system")
                .withValue(DEFAULT_DISPATCHER, config.getValue("starling.admin-dispatcher"))
                .withValue("pekko.management.http.hostname", ConfigValueFactory.fromAnyRef(address.host()))
                .withValue("pekko.management.http.port", ConfigValueFactory.fromAnyRef(address.port()))
                .withFallback(config);
    }

    private static Supplier<CompletionStage<Boolean>> readiness(ServerState state) {
        return () -> CompletableFuture.completedStage(state.phase() == ServerState.Phase.LIVE);
    }

    /** Where it accepts; the port is real although it may have been configured as 0. */
    public InetSocketAddress address() {
        return address;
    }

    /** Stops accepting and ends what is left of the connections. */
    public CompletionStage<Done> stop() {
        return PekkoManagement.get(system)
                .stop()
                .handle((_, _) -> Done.getInstance())
                .thenCompose(_ -> {
                    system.terminate();
                    return system.getWhenTerminated();
                })
                .thenApply(_ -> Done.getInstance());
    }
}
