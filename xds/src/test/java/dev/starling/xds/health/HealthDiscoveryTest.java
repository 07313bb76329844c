package dev.starling.xds.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.typesafe.config.ConfigFactory;
import dev.starling.config.Address;
import dev.starling.config.ByteCount;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Locality;
import dev.starling.config.Problem;
import dev.starling.config.discovery.GrpcService;
import dev.starling.config.discovery.GrpcService.Backoff;
import dev.starling.config.discovery.GrpcService.Target;
import dev.starling.xds.ChosenDraws;
import dev.starling.xds.health.HealthChecking.ClusterHealth;
import dev.starling.xds.health.HealthChecking.EndpointHealth;
import dev.starling.xds.health.HealthChecking.LocalityHealth;
import dev.starling.xds.health.HealthChecking.Status;
import dev.starling.xds.transport.Transport;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.health.v3.Capability.Protocol;
import io.envoyproxy.envoy.service.health.v3.HealthCheckRequestOrEndpointHealthResponse;
import io.envoyproxy.envoy.service.health.v3.HealthCheckSpecifier;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The other end of the stream, the checks and the time are the test's; all runs on its thread. */
class HealthDiscoveryTest implements Transport, Transport.Call, HealthChecking, HealthDiscoveryStats {

    private final List<HealthCheckRequestOrEndpointHealthResponse> sent = new ArrayList<>();
    private final List<String> counted = new ArrayList<>();
    private final List<dev.starling.config.cluster.HealthCheckSpecifier> checked = new ArrayList<>();
    private final ActorTestKit kit =
            ActorTestKit.create(ConfigFactory.parseString("pekko.actor.default-dispatcher.type = "
                            + "\"org.apache.pekko.testkit.CallingThreadDispatcherConfigurator\"")
                    .withFallback(ManualTime.config()));
    private final ManualTime time = ManualTime.get(kit.system());
    private List<ClusterHealth> health = List.of();
    private @Nullable Receiver receiver;
    private int opened;
    private int cancelled;
    private int taken;
    private int waiting;

    @BeforeEach
    void begin() {
        ActorRef<HealthDiscovery.Command> discovery = kit.spawn(HealthDiscovery.create(new HealthDiscovery.Discovering(
                new GrpcService(
                        new Target.Cluster("hds", "", ByteCount.mebibytes(1), false), List.of(), Backoff.DEFAULT),
                Node.newBuilder().setId("me").build(),
                this,
                HealthDiscoveryTest::read,
                _ -> this,
                this,
                new ChosenDraws(bound -> bound - 1)))); // the longest wait each time
        assertThat(opened).isZero();
        discovery.tell(HealthDiscovery.begin());
    }

    @AfterEach
    void end() {
        kit.shutdownTestKit();
    }

    private static dev.starling.config.cluster.HealthCheckSpecifier read(HealthCheckSpecifier message)
            throws InvalidConfigException {
        if (message.getClusterHealthChecksCount() > 2) {
            throw new InvalidConfigException(Problem.at("cluster_health_checks", "too many"));
        }
        return new dev.starling.config.cluster.HealthCheckSpecifier(
                List.of(), Duration.ofMillis(Durations.toMillis(message.getInterval())));
    }

    private static HealthCheckSpecifier specifier(int clusters, int millis) {
        var specifier = HealthCheckSpecifier.newBuilder().setInterval(Durations.fromMillis(millis));
        for (int i = 0; i < clusters; i++) {
            specifier.addClusterHealthChecksBuilder();
        }
        return specifier.build();
    }

    private void say(HealthCheckSpecifier specifier) {
        Objects.requireNonNull(receiver).message(specifier.toByteString().asReadOnlyByteBuffer());
    }

    private int reports() {
        int reports = (int) sent.stream()
                .filter(HealthCheckRequestOrEndpointHealthResponse::hasEndpointHealthResponse)
                .count();
        sent.clear();
        return reports;
    }

    @Test
    void saysWhoItIsAndWhatItCanCheck() {
        var request = sent.getFirst().getHealthCheckRequest();

        assertThat(request.getNode().getId()).isEqualTo("me");
        assertThat(request.getCapability().getHealthCheckProtocolsList()).containsExactly(Protocol.HTTP, Protocol.TCP);
        assertThat(counted).containsExactly("reported");
        assertThat(taken).isOne();
    }

    @Test
    void reportsInTheIntervalThatItIsTold() {
        time.timePasses(Duration.ofMinutes(1));
        assertThat(reports()).isZero();

        say(specifier(1, 200));
        assertThat(reports()).isZero();
        time.timePasses(Duration.ofMillis(200));
        assertThat(reports()).isOne();
        time.timePasses(Duration.ofMillis(600));
        assertThat(reports()).isEqualTo(3);

        say(specifier(1, 1000));
        time.timePasses(Duration.ofMillis(999));
        assertThat(reports()).isZero();
        time.timePasses(Duration.ofMillis(1));
        assertThat(reports()).isOne();
    }

    @Test
    void doesNotReportMoreOftenThanItsBound() {
        say(specifier(1, 0));

        time.timePasses(Duration.ofSeconds(1));

        assertThat(reports()).isEqualTo(10);
    }

    @Test
    void anEndpointIsToldInItsClusterAndInTheOldList() {
        var first = new EndpointHealth(Address.Socket.of("10.0.0.1", 80), Status.HEALTHY);
        var second = new EndpointHealth(Address.Socket.of("::1", 81), Status.TIMEOUT);
        var third = new EndpointHealth(new Address.Pipe("/run/x", 0), Status.UNHEALTHY);
        health = List.of(
                new ClusterHealth(
                        "a",
                        List.of(
                                new LocalityHealth(new Locality("r", "z", "s"), List.of(first, second)),
                                new LocalityHealth(Locality.NONE, List.of()))),
                new ClusterHealth("b", List.of(new LocalityHealth(Locality.NONE, List.of(third)))));
        say(specifier(1, 200));

        time.timePasses(Duration.ofMillis(200));

        var report = sent.getLast().getEndpointHealthResponse();
        assertThat(report.getClusterEndpointsHealthList().toString()).isEqualToIgnoringWhitespace("""
                [cluster_name: "a"
                 locality_endpoints_health {
                   locality { region: "r" zone: "z" sub_zone: "s" }
                   endpoints_health {
                     endpoint { address { socket_address { address: "10.0.0.1" port_value: 80 } } }
                     health_status: HEALTHY
                   }
                   endpoints_health {
                     endpoint { address { socket_address { address: "::1" port_value: 81 } } }
                     health_status: TIMEOUT
                   }
                 }
                 locality_endpoints_health { locality { } }
                , cluster_name: "b"
                 locality_endpoints_health {
                   locality { }
                   endpoints_health {
                     endpoint { address { pipe { path: "/run/x" } } }
                     health_status: UNHEALTHY
                   }
                 }
                ]
                """);
        assertThat(flat(report))
                .containsExactlyElementsOf(report.getClusterEndpointsHealthList().stream()
                        .flatMap(cluster -> cluster.getLocalityEndpointsHealthList().stream())
                        .flatMap(locality -> locality.getEndpointsHealthList().stream())
                        .toList());
    }

    @SuppressWarnings("deprecation")
    private static List<io.envoyproxy.envoy.service.health.v3.EndpointHealth> flat(
            io.envoyproxy.envoy.service.health.v3.EndpointHealthResponse report) {
        return report.getEndpointsHealthList();
    }

    @Test
    void whatIsSaidAgainChangesNothing() {
        say(specifier(1, 200));
        say(specifier(1, 200));

        assertThat(checked).hasSize(1);
        assertThat(counted).containsExactly("reported", "requested", "updated", "requested");
        assertThat(taken).isEqualTo(3);
    }

    @Test
    void whatCannotBeUsedLeavesWhatWasThere() {
        say(specifier(1, 200));

        say(specifier(3, 300));

        assertThat(checked).hasSize(1);
        assertThat(counted).containsExactly("reported", "requested", "updated", "requested", "failed");
        time.timePasses(Duration.ofMillis(200));
        assertThat(reports()).isOne();
        assertThat(cancelled).isZero();
        say(specifier(2, 200));
        assertThat(checked).hasSize(2);
    }

    @Test
    void whatCannotBeDecodedEndsTheStream() {
        Objects.requireNonNull(receiver).message(ByteString.copyFromUtf8("\377").asReadOnlyByteBuffer());

        assertThat(cancelled).isOne();
        assertThat(counted).containsExactly("reported", "requested", "failed");
        time.timePasses(Duration.ofSeconds(1));
        assertThat(opened).isEqualTo(2);
    }

    @Test
    void leavesReportsOutForAServerThatDoesNotRead() {
        say(specifier(1, 200));
        waiting = 1024 * 1024 + 1;
        time.timePasses(Duration.ofSeconds(10));
        assertThat(reports()).isZero();

        waiting = 0;
        time.timePasses(Duration.ofMillis(200));

        assertThat(reports()).isOne();
    }

    @Test
    void comesBackAfterALongerWaitEachTime() {
        say(specifier(1, 200));
        sent.clear();

        Objects.requireNonNull(receiver).closed(Closed.unavailable("gone"));
        time.timePasses(Duration.ofMillis(998));
        assertThat(opened).isOne();
        assertThat(sent).isEmpty();
        time.timePasses(Duration.ofMillis(1));
        assertThat(opened).isEqualTo(2);
        assertThat(sent)
                .singleElement()
                .satisfies(
                        message -> assertThat(message.hasHealthCheckRequest()).isTrue());

        Objects.requireNonNull(receiver).closed(Closed.unavailable("gone"));
        time.timePasses(Duration.ofMillis(1998));
        assertThat(opened).isEqualTo(2);
        time.timePasses(Duration.ofMillis(1));
        assertThat(opened).isEqualTo(3);

        // Nothing is reported before the server has said something, and what it says is taken anew.
        sent.clear();
        time.timePasses(Duration.ofMinutes(1));
        assertThat(sent).isEmpty();
        say(specifier(1, 200));
        assertThat(checked).hasSize(2);
        time.timePasses(Duration.ofMillis(200));
        assertThat(reports()).isOne();
    }

    @Test
    void doesNotListenToAStreamThatHasEnded() {
        Receiver old = Objects.requireNonNull(receiver);
        old.closed(Closed.unavailable("gone"));
        time.timePasses(Duration.ofSeconds(1));

        old.message(specifier(1, 200).toByteString().asReadOnlyByteBuffer());
        old.closed(Closed.unavailable("gone again"));

        assertThat(checked).isEmpty();
        assertThat(counted).containsExactly("reported", "failed", "reported");
    }

    @Override
    public Call open(GrpcService service, String method, Receiver opening) {
        assertThat(method).isEqualTo("envoy.service.health.v3.HealthDiscoveryService/StreamHealthCheck");
        opened++;
        receiver = opening;
        return this;
    }

    @Override
    public void send(ByteBuffer message) {
        try {
            sent.add(HealthCheckRequestOrEndpointHealthResponse.parseFrom(message));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public int waitingBytes() {
        return waiting;
    }

    @Override
    public void finish() {
        throw new AssertionError("does not end by itself");
    }

    @Override
    public void more() {
        taken++;
    }

    @Override
    public void cancel() {
        cancelled++;
    }

    @Override
    public void check(dev.starling.config.cluster.HealthCheckSpecifier wanted) {
        checked.add(wanted);
    }

    @Override
    public List<ClusterHealth> health() {
        return health;
    }

    @Override
    public List<Record> views() {
        return List.of();
    }

    @Override
    public void requested() {
        counted.add("requested");
    }

    @Override
    public void reported() {
        counted.add("reported");
    }

    @Override
    public void failed() {
        counted.add("failed");
    }

    @Override
    public void updated() {
        counted.add("updated");
    }
}
