package dev.starling.bench;

import dev.starling.config.HeaderMutations;
import dev.starling.config.Metadata;
import dev.starling.config.route.Route;
import dev.starling.config.route.RouteAction;
import dev.starling.config.route.RouteAction.HostRewrite;
import dev.starling.config.route.RouteAction.PathRewrite;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.config.route.RouteAction.Target;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.RouteMatch;
import dev.starling.config.route.RouteMatch.PathSpecifier;
import dev.starling.config.route.VirtualHost;
import dev.starling.config.route.VirtualHost.TlsRequirement;
import dev.starling.runtime.accesslog.FormatterFactory;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.route.RouteResult;
import dev.starling.runtime.route.RouteTable;
import dev.starling.runtime.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What finding a route costs: by kind of domain, over the number of virtual hosts, the route being the tenth. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class RouteBenchmark {

    private static final int ROUTES = 10;

    @Param({"1", "10000"})
    private int virtualHosts;

    @SuppressWarnings("NullAway.Init") // JMH calls setUp before it measures
    private RouteTable table;

    private final RequestHead exact = request("host0.example.com");
    private final RequestHead upperCase = request("HOST0.example.com");
    private final RequestHead suffix = request("www.suffix0.example.com");
    private final RequestHead unknown = request("www.unknown.example.org");

    @Setup
    public void setUp() {
        var hosts = IntStream.range(0, virtualHosts)
                .mapToObj(RouteBenchmark::virtualHost)
                .toList();
        var config = new RouteConfiguration("r", hosts, HeaderMutations.NONE, List.of(), false, false, 0);
        var clusters = new ClusterTable();
        var formats = new FormatterFactory(Clock.SYSTEM, "localhost", Map.of());
        table = RouteTable.compile(
                config, clusters::slot, clusters::find, formats::headerValue, () -> RuntimeSnapshot.EMPTY);
    }

    private static VirtualHost virtualHost(int i) {
        return new VirtualHost(
                "v" + i,
                List.of("host" + i + ".example.com", "*.suffix" + i + ".example.com"),
                IntStream.range(0, ROUTES).mapToObj(RouteBenchmark::route).toList(),
                TlsRequirement.NONE,
                HeaderMutations.NONE,
                false,
                false,
                Map.of(),
                VirtualHost.Retries.NONE);
    }

    private static Route route(int i) {
        return new Route(
                "r" + i,
                new RouteMatch(
                        new PathSpecifier.Prefix("/api/v1/service" + i + "/"),
                        true,
                        List.of(),
                        List.of(),
                        false,
                        Optional.empty()),
                new RouteAction(
                        new Target.ToCluster("c"),
                        503,
                        RouteAction.DEFAULT_TIMEOUT,
                        Optional.empty(),
                        Optional.empty(),
                        PathRewrite.None.NONE,
                        HostRewrite.None.NONE,
                        false,
                        RoutingPriority.DEFAULT,
                        List.of()),
                HeaderMutations.NONE,
                Metadata.NONE,
                "",
                Map.of(),
                OptionalLong.empty());
    }

    private static RequestHead request(String authority) {
        return new RequestHead(
                "GET",
                "/api/v1/service9/things?q=1",
                authority,
                "http",
                Protocol.HTTP_1_1,
                new Headers(),
                "",
                -1,
                true);
    }

    @Benchmark
    public @Nullable RouteResult exactDomain() {
        return table.route(exact, 0);
    }

    @Benchmark
    public @Nullable RouteResult upperCaseDomain() {
        return table.route(upperCase, 0);
    }

    @Benchmark
    public @Nullable RouteResult suffixWildcard() {
        return table.route(suffix, 0);
    }

    @Benchmark
    public @Nullable RouteResult noVirtualHost() {
        return table.route(unknown, 0);
    }
}
