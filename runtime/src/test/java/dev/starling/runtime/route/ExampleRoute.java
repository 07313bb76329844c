package dev.starling.runtime.route;

import com.google.re2j.Pattern;
import dev.starling.config.FractionalPercent;
import dev.starling.config.HeaderMutations;
import dev.starling.config.Metadata;
import dev.starling.config.route.Route;
import dev.starling.config.route.RouteAction;
import dev.starling.config.route.RouteAction.HostRewrite;
import dev.starling.config.route.RouteAction.PathRewrite;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.config.route.RouteAction.Target;
import dev.starling.config.route.RouteMatch;
import dev.starling.config.route.RouteMatch.PathSpecifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Routes for tests, spelt out only where they differ from a prefix of {@code /} to the cluster {@code c}. */
final class ExampleRoute {

    private final String name;
    private PathSpecifier path = new PathSpecifier.Prefix("/");
    private boolean caseSensitive = true;
    private Optional<FractionalPercent> fraction = Optional.empty();
    private HeaderMutations mutations = HeaderMutations.NONE;

    private ExampleRoute(String name) {
        this.name = name;
    }

    static ExampleRoute named(String name) {
        return new ExampleRoute(name);
    }

    ExampleRoute prefix(String prefix) {
        path = new PathSpecifier.Prefix(prefix);
        return this;
    }

    ExampleRoute exact(String exact) {
        path = new PathSpecifier.Exact(exact);
        return this;
    }

    ExampleRoute segments(String prefix) {
        path = new PathSpecifier.PathSeparatedPrefix(prefix);
        return this;
    }

    ExampleRoute regex(String regex) {
        path = new PathSpecifier.Regex(Pattern.compile(regex));
        return this;
    }

    ExampleRoute connect() {
        path = new PathSpecifier.Connect();
        return this;
    }

    ExampleRoute ignoringCase() {
        caseSensitive = false;
        return this;
    }

    ExampleRoute fraction(int percent) {
        fraction = Optional.of(new FractionalPercent(percent, 100, ""));
        return this;
    }

    ExampleRoute mutations(HeaderMutations newMutations) {
        mutations = newMutations;
        return this;
    }

    Route cluster(String cluster) {
        return forward(new Target.ToCluster(cluster));
    }

    Route forward(Target target) {
        return forward(target, PathRewrite.None.NONE, HostRewrite.None.NONE, false);
    }

    Route forward(Target target, PathRewrite pathRewrite, HostRewrite hostRewrite, boolean appendForwardedHost) {
        return to(action(target, pathRewrite, hostRewrite, appendForwardedHost, Optional.empty()));
    }

    Route forwardWithMaxStreamDuration(Duration maxStreamDuration) {
        return to(action(
                new Target.ToCluster("c"),
                PathRewrite.None.NONE,
                HostRewrite.None.NONE,
                false,
                Optional.of(maxStreamDuration)));
    }

    private static RouteAction action(
            Target target,
            PathRewrite pathRewrite,
            HostRewrite hostRewrite,
            boolean appendForwardedHost,
            Optional<Duration> maxStreamDuration) {
        return new RouteAction(
                target,
                503,
                RouteAction.DEFAULT_TIMEOUT,
                Optional.empty(),
                maxStreamDuration,
                pathRewrite,
                hostRewrite,
                appendForwardedHost,
                RoutingPriority.DEFAULT,
                List.of());
    }

    private Route to(Route.Action action) {
        return new Route(
                name,
                new RouteMatch(path, caseSensitive, List.of(), List.of(), false, fraction),
                action,
                mutations,
                Metadata.NONE,
                "",
                Map.of(),
                OptionalLong.empty());
    }
}
