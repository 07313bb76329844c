package dev.starling.runtime.control.cluster;

import dev.starling.config.Address;
import dev.starling.config.Locality;
import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.HealthCheck;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.endpoint.LocalityEndpoints;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.lb.ResolvedEndpoint;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.tls.TlsContextFactory;
import dev.starling.runtime.tls.TlsHolders;
import dev.starling.runtime.tls.TlsProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Clusters of endpoints that are called {@code 10.0.0.1}, {@code 10.0.0.2} and so on, at port 80. */
final class Examples {

    private Examples() {}

    static TlsHolders tls() {
        return new TlsHolders(new TlsContextFactory(() -> TlsProvider.JDK, InstantSource.system()));
    }

    static ClusterTraffic traffic(StatsStore stats, String name) {
        return new ClusterTraffic(stats.scope("cluster." + name + "."), CircuitBreakers.DEFAULT, OutlierMonitor.OFF);
    }

    static LoadAssignment assignment(int... endpoints) {
        return assignment(Arrays.stream(endpoints).mapToObj(Examples::endpoint).toArray(EndpointConfig[]::new));
    }

    static LoadAssignment assignment(EndpointConfig... endpoints) {
        return LoadAssignment.of(
                "c", List.of(new LocalityEndpoints(Locality.NONE, 0, 0, List.of(endpoints), Optional.empty())));
    }

    static EndpointConfig endpoint(int number) {
        return EndpointConfig.of(Address.Socket.of("10.0.0." + number, 80));
    }

    static SocketAddress address(Address address) {
        Address.Socket socket = (Address.Socket) address;
        return new InetSocketAddress(InetAddress.ofLiteral(socket.host()), socket.port());
    }

    /** All that discovery has found. */
    static List<ResolvedEndpoint> endpoints(EndpointsActor.Discovered found) {
        return IntStream.range(0, found.endpoints().size())
                .mapToObj(found.endpoints()::get)
                .toList();
    }

    /** What discovery says of a static assignment. */
    static EndpointsActor.Discovered discovered(LoadAssignment assignment) {
        return new EndpointsActor.Discovered(assignment, StaticEndpoints.of(assignment, Examples::address), false);
    }

    /** Every second, once is enough either way. */
    static HealthCheck healthCheck() {
        Duration second = Duration.ofSeconds(1);
        return new HealthCheck(
                second,
                new HealthCheck.Intervals(
                        second, Duration.ZERO, Duration.ZERO, 0, second, second, second, second, second),
                1,
                1,
                true,
                Optional.empty(),
                new HealthCheck.Probe.Http("", "/", "GET", List.of(), List.of(), List.of(), List.of(), false));
    }
}
