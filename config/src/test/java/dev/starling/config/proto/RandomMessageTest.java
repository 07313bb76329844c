package dev.starling.config.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.starling.config.InvalidConfigException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a control plane sends becomes a record or a list of problems. What is not supported is ignored here, so that
 * translators see all of it.
 */
class RandomMessageTest {

    private static final int ROUNDS = 400;

    private static final List<Message> EXTENSIONS = List.of(
            HttpConnectionManager.getDefaultInstance(),
            TcpProxy.getDefaultInstance(),
            Echo.getDefaultInstance(),
            Router.getDefaultInstance(),
            FileAccessLog.getDefaultInstance(),
            StdoutAccessLog.getDefaultInstance(),
            RoundRobin.getDefaultInstance(),
            LeastRequest.getDefaultInstance(),
            HttpProtocolOptions.getDefaultInstance(),
            TcpProtocolOptions.getDefaultInstance());

    enum Kind {
        CLUSTER(Cluster.getDefaultInstance()) {
            @Override
            Object read(ConfigLoader loader, Message message) throws InvalidConfigException {
                return loader.readCluster(EncodedMessage.of((Cluster) message), UnknownFields.IGNORE);
            }
        },
        ENDPOINTS(ClusterLoadAssignment.getDefaultInstance()) {
            @Override
            Object read(ConfigLoader loader, Message message) throws InvalidConfigException {
                return loader.readLoadAssignment(
                        EncodedMessage.of((ClusterLoadAssignment) message), UnknownFields.IGNORE);
            }
        },
        LISTENER(Listener.getDefaultInstance()) {
            @Override
            Object read(ConfigLoader loader, Message message) throws InvalidConfigException {
                return loader.readListener(EncodedMessage.of((Listener) message), UnknownFields.IGNORE, "c"::equals);
            }
        },
        ROUTES(RouteConfiguration.getDefaultInstance()) {
            @Override
            Object read(ConfigLoader loader, Message message) throws InvalidConfigException {
                return loader.readRouteConfiguration(
                        EncodedMessage.of((RouteConfiguration) message), UnknownFields.IGNORE, "c"::equals);
            }
        };

        private final Message type;

        Kind(Message type) {
            this.type = type;
        }

        abstract Object read(ConfigLoader loader, Message message) throws InvalidConfigException;
    }

    @ParameterizedTest
    @EnumSource
    void becomesARecordOrProblems(Kind kind) {
        long seed = Long.getLong("seed", 20261121);
        var random = new Random(seed);
        var loader = LoaderFixture.loader();
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            double density = 0.02 + 0.6 * round / ROUNDS;
            var message = new RandomMessage(random, EXTENSIONS, density).like(kind.type);
            try {
                assertThat(kind.read(loader, message)).isNotNull();
            } catch (InvalidConfigException e) {
                refused++;
                assertThat(e.problems())
                        .as("seed %d, round %d: %s", seed, round, message)
                        .isNotEmpty();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round + ": " + message, e);
            }
        }
        assertThat(refused).as("seed %d", seed).isBetween(ROUNDS / 4, ROUNDS);
    }
}
