package dev.starling.bench;

import dev.starling.config.Address;
import dev.starling.config.Locality;
import dev.starling.config.Metadata;
import dev.starling.config.RuntimeDouble;
import dev.starling.config.cluster.CommonLb;
import dev.starling.config.cluster.LbPolicy;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.EndpointConfig.HealthCheckOverride;
import dev.starling.config.endpoint.EndpointConfig.HealthStatus;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.EndpointState;
import dev.starling.lb.Pick;
import dev.starling.lb.picker.LoadBalancer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** What a pick costs, by policy, number of endpoints and whether their weights differ. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH fills the parameters and calls the set-up before it measures
public class PickerBenchmark {

    /** In a form that JMH can take as a parameter. */
    public enum Policy {
        ROUND_ROBIN,
        LEAST_REQUEST,
        RANDOM;

        LbPolicy config() {
            return switch (this) {
                case ROUND_ROBIN -> new LbPolicy.RoundRobin(Optional.empty());
                case LEAST_REQUEST -> new LbPolicy.LeastRequest(2, RuntimeDouble.of(1), false, Optional.empty());
                case RANDOM -> new LbPolicy.Random();
            };
        }
    }

    @Param
    Policy policy;

    @Param({"3", "1000"})
    int endpoints;

    @Param({"false", "true"})
    boolean weighted;

    private LoadBalancer balancer;

    @Setup
    public void fill() {
        List<Endpoint> members =
                IntStream.range(0, endpoints).mapToObj(this::endpoint).toList();
        balancer = LoadBalancer.create(
                policy.config(),
                CommonLb.DEFAULT,
                RuntimeDouble::defaultValue,
                new SplittableRandom(1),
                () -> 0,
                () -> {});
        balancer.update(EndpointSet.of(members));
    }

    private Endpoint endpoint(int number) {
        String host = "10.0." + number / 256 + "." + number % 256;
        var config = new EndpointConfig(
                Address.Socket.of(host, 80),
                List.of(),
                "",
                HealthStatus.UNKNOWN,
                weighted ? 1 + number % 5 : 1,
                Metadata.NONE,
                HealthCheckOverride.NONE);
        var address = InetSocketAddress.createUnresolved(host, 80);
        return new Endpoint(config, address, host + ":80", "", Locality.NONE, 0, new EndpointState());
    }

    @Benchmark
    public Pick pick() {
        return balancer.pick();
    }
}
