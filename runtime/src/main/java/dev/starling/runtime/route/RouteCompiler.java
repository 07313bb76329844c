package dev.starling.runtime.route;

import dev.starling.config.HeaderMutations;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.route.DirectResponseAction;
import dev.starling.config.route.NonForwardingAction;
import dev.starling.config.route.RedirectAction;
import dev.starling.config.route.Route;
import dev.starling.config.route.RouteAction;
import dev.starling.config.route.RouteAction.HostRewrite;
import dev.starling.config.route.RouteAction.PathRewrite;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.config.route.RouteAction.Target;
import dev.starling.config.route.RouteAction.WeightedCluster;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.VirtualHost;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.layered.RuntimeSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes of a route configuration what requests are matched against. */
final class RouteCompiler {

    /** What Envoy does with a route it cannot forward: the cluster without a name is not found. */
    private static final RouteAction NO_CLUSTER = new RouteAction(
            new Target.ToCluster(""),
            503,
            RouteAction.DEFAULT_TIMEOUT,
            Optional.empty(),
            Optional.empty(),
            PathRewrite.None.NONE,
            HostRewrite.None.NONE,
            false,
            RoutingPriority.DEFAULT,
            List.of());

    private final RouteConfiguration config;
    private final Function<String, ClusterSlot> slots;
    private final Function<String, @Nullable ClusterSlot> known;
    private final Function<FormatString, Formatter> formats;
    private final Supplier<RuntimeSnapshot> runtime;
    private final FilterOverrides filterOverrides;

    RouteCompiler(
            RouteConfiguration config,
            Function<String, ClusterSlot> slots,
            Function<String, @Nullable ClusterSlot> known,
            Function<FormatString, Formatter> formats,
            Supplier<RuntimeSnapshot> runtime) {
        this.config = config;
        this.slots = slots;
        this.known = known;
        this.formats = formats;
        this.runtime = runtime;
        this.filterOverrides = FilterOverrides.of(config.filterOverrides());
    }

    VirtualHostRoutes virtualHost(VirtualHost virtualHost) {
        FilterOverrides ofHost = filterOverrides.with(virtualHost.filterOverrides());
        return new VirtualHostRoutes(
                virtualHost,
                virtualHost.routes().stream()
                        .map(route -> route(virtualHost, route, ofHost.with(route.filterOverrides())))
                        .toList());
    }

    private CompiledRoute route(VirtualHost virtualHost, Route route, FilterOverrides overrides) {
        var matcher = new RouteMatcher(route.match(), runtime);
        RouteEntry entry = RouteEntry.of(
                route,
                virtualHost,
                levels(virtualHost, route, level -> HeaderEdits.ofResponse(level, formats)),
                overrides);
        return new CompiledRoute(
                matcher,
                switch (route.action()) {
                    case RouteAction action -> forward(virtualHost, route, entry, action, matcher.path());
                    case RedirectAction action -> redirect(entry, action, matcher.path());
                    case DirectResponseAction action -> directResponse(entry, action);
                    case NonForwardingAction _ -> forward(virtualHost, route, entry, NO_CLUSTER, matcher.path());
                });
    }

    private static CompiledRoute.Action redirect(RouteEntry entry, RedirectAction action, PathMatch match) {
        RedirectLocation location = RedirectLocation.of(action, match);
        return (head, random) -> new Redirect(action.status(), location.of(head), entry);
    }

    private static CompiledRoute.Action directResponse(RouteEntry entry, DirectResponseAction action) {
        int status = action.status();
        if (status == 201 || (status >= 300 && status < 400)) {
            return (head, random) -> new DirectResponse(status, action.body(), RedirectLocation.SAME.of(head), entry);
        }
        var constant = new DirectResponse(status, action.body(), "", entry);
        return (head, random) -> constant;
    }

    private CompiledRoute.Action forward(
            VirtualHost virtualHost, Route route, RouteEntry entry, RouteAction action, PathMatch match) {
        var rewrite = new RequestRewrite(
                levels(virtualHost, route, level -> HeaderEdits.ofRequest(level, formats)), action, match);
        ClusterChoice choice = switch (action.target()) {
            case Target.ToCluster(var name) ->
                new ClusterChoice.Constant(new Forward(
                        entry,
                        action,
                        rewrite,
                        ClusterEdits.NONE,
                        entry.filterOverrides(),
                        name,
                        name.isEmpty() ? null : slots.apply(name)));
            case Target.ClusterHeader target ->
                new ClusterChoice.FromHeader(
                        target,
                        known,
                        (name, slot) -> new Forward(
                                entry, action, rewrite, ClusterEdits.NONE, entry.filterOverrides(), name, slot));
            case Target.WeightedClusters target -> weighted(entry, action, rewrite, target);
        };
        return choice::choose;
    }

    private ClusterChoice weighted(
            RouteEntry entry, RouteAction action, RequestRewrite rewrite, Target.WeightedClusters target) {
        Forward[] forwards = target.clusters().stream()
                .map(cluster -> new Forward(
                        entry,
                        action,
                        rewrite,
                        ClusterEdits.compile(cluster, formats),
                        entry.filterOverrides().with(cluster.filterOverrides()),
                        cluster.name(),
                        slots.apply(cluster.name())))
                .toArray(Forward[]::new);
        long[] ends = new long[forwards.length];
        long end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += target.clusters().get(i).weight().defaultValue();
            ends[i] = end;
        }
        var draw = new ClusterChoice.Draw(target.headerName());
        var weights = target.clusters().stream().map(WeightedCluster::weight).toList();
        return weights.stream().allMatch(weight -> weight.runtimeKey().isEmpty())
                ? new ClusterChoice.Weighted(forwards, ends, draw)
                : new ClusterChoice.RuntimeWeighted(forwards, weights, draw, runtime);
    }

    /** The levels that change something, in the order in which they are applied: the last one wins. */
    private HeaderEdits[] levels(VirtualHost virtualHost, Route route, Function<HeaderMutations, HeaderEdits> part) {
        Stream<HeaderMutations> levels = config.mostSpecificHeaderMutationsWins()
                ? Stream.of(config.headers(), virtualHost.headers(), route.headers())
                : Stream.of(route.headers(), virtualHost.headers(), config.headers());
        return levels.map(part).filter(edits -> !edits.isEmpty()).toArray(HeaderEdits[]::new);
    }
}
