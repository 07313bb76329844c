package dev.starling.healthcheck;

import dev.starling.config.Address;
import dev.starling.config.Locality;
import dev.starling.config.cluster.HealthCheck;
import dev.starling.config.cluster.HealthCheck.Intervals;
import dev.starling.config.cluster.HealthCheck.Probe;
import dev.starling.config.cluster.HealthCheck.StatusRange;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointState;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What the tests of this module check and eject. */
public final class Examples {

    public static final Duration TIMEOUT = Duration.ofMillis(500);
    public static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Every pause is another, so that a test sees which was taken. */
    public static final Intervals INTERVALS = new Intervals(
            INTERVAL,
            Duration.ZERO,
            Duration.ZERO,
            0,
            Duration.ofSeconds(60),
            Duration.ofSeconds(50),
            Duration.ofSeconds(4),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2));

    private Examples() {}

    public static Endpoint endpoint(int number) {
        int port = 8000 + number;
        return new Endpoint(
                EndpointConfig.of(Address.Socket.of("10.0.0.1", port)),
                InetSocketAddress.createUnresolved("10.0.0.1", port),
                "10.0.0.1:" + port,
                "",
                Locality.NONE,
                0,
                new EndpointState());
    }

    public static List<Endpoint> endpoints(int count) {
        return IntStream.range(0, count).mapToObj(Examples::endpoint).toList();
    }

    public static Probe.Http http(List<StatusRange> expected, List<StatusRange> retriable) {
        return new Probe.Http("", "/healthz", "GET", expected, retriable, List.of(), List.of(), false);
    }

    public static HealthCheck healthCheck(int unhealthyThreshold, int healthyThreshold) {
        return new HealthCheck(
                TIMEOUT,
                INTERVALS,
                unhealthyThreshold,
                healthyThreshold,
                true,
                Optional.empty(),
                http(List.of(), List.of()));
    }
}
