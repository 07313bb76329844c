package dev.starling.launcher;

import dev.starling.admin.ActorTree;
import dev.starling.runtime.Server;
import dev.starling.runtime.control.Guardian;
import dev.starling.runtime.control.cluster.CircuitBreakersActor;
import dev.starling.runtime.control.cluster.ClusterActor;
import dev.starling.runtime.control.cluster.ClusterManager;
import dev.starling.runtime.control.listener.ListenerActor;
import dev.starling.runtime.control.listener.ListenerManager;
import dev.starling.runtime.control.route.RouteManager;
import dev.starling.runtime.control.route.RoutesActor;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;

/** Asks the server's actors for their states, each for a second at most. */
final class ActorInspection implements ActorTree {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Server server;

    ActorInspection(Server server) {
        this.server = server;
    }

    @Override
    public CompletionStage<Optional<Object>> inspect(List<String> path) {
        return ask(server.system(), Guardian.GetState::new).thenCompose(guardian -> {
            if (path.isEmpty()) {
                return all(guardian);
            }
            String name = path.size() > 1 ? path.get(1) : "";
            return switch (path.getFirst()) {
                case "clusters" -> clusters(guardian, name, path.size() > 2 ? path.get(2) : "");
                case "listeners" -> listeners(guardian, name);
                case "routes" -> routes(guardian, name);
                default -> nothing();
            };
        });
    }

    private CompletionStage<Optional<Object>> all(Guardian.State guardian) {
        return ask(guardian.clusters(), ClusterManager.GetState::new)
                .thenCombine(ask(guardian.listeners(), ListenerManager.GetState::new), this::pair)
                .thenCombine(ask(guardian.routes(), RouteManager.GetState::new), (both, routes) -> {
                    Map<String, Object> tree = new LinkedHashMap<>(both);
                    tree.put("routes", routes);
                    tree.put("phase", guardian.phase());
                    return Optional.of(tree);
                });
    }

    private Map<String, Object> pair(ClusterManager.State clusters, ListenerManager.State listeners) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("clusters", clusters);
        tree.put("listeners", listeners);
        return tree;
    }

    private CompletionStage<Optional<Object>> clusters(Guardian.State guardian, String name, String part) {
        return ask(guardian.clusters(), ClusterManager.GetState::new).thenCompose(manager -> {
            if (name.isEmpty()) {
                return some(manager);
            }
            ActorRef<ClusterActor.Command> cluster = manager.clusters().get(name);
            if (cluster == null) {
                return nothing();
            }
            CompletionStage<ClusterActor.State> state = ask(cluster, ClusterActor.GetState::new);
            return switch (part) {
                case "" -> state.thenApply(Optional::<Object>of);
                case "circuit_breakers" ->
                    state.thenCompose(found -> ask(found.circuitBreakers(), CircuitBreakersActor.GetState::new))
                            .thenApply(Optional::<Object>of);
                default -> nothing();
            };
        });
    }

    private CompletionStage<Optional<Object>> listeners(Guardian.State guardian, String name) {
        return ask(guardian.listeners(), ListenerManager.GetState::new).thenCompose(manager -> {
            if (name.isEmpty()) {
                return some(manager);
            }
            ActorRef<ListenerActor.Command> listener = manager.listeners().get(name);
            return listener == null
                    ? nothing()
                    : ask(listener, ListenerActor.GetState::new).thenApply(Optional::<Object>of);
        });
    }

    private CompletionStage<Optional<Object>> routes(Guardian.State guardian, String name) {
        return ask(guardian.routes(), RouteManager.GetState::new).thenCompose(manager -> {
            if (name.isEmpty()) {
                return some(manager);
            }
            ActorRef<RoutesActor.Command> routes = manager.routes().get(name);
            return routes == null
                    ? nothing()
                    : ask(routes, RoutesActor.GetState::new).thenApply(Optional::<Object>of);
        });
    }

    private static CompletionStage<Optional<Object>> some(Object state) {
        return CompletableFuture.completedStage(Optional.of(state));
    }

    private static CompletionStage<Optional<Object>> nothing() {
        return CompletableFuture.completedStage(Optional.empty());
    }

    private <C, S> CompletionStage<S> ask(ActorRef<C> actor, Function<ActorRef<S>, C> question) {
        return AskPattern.ask(actor, question, PATIENCE, server.system().scheduler());
    }
}
