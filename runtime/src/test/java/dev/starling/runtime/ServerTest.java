package dev.starling.runtime;

import static dev.starling.runtime.control.Configs.bootstrap;
import static dev.starling.runtime.control.Configs.cluster;
import static dev.starling.runtime.control.Configs.httpListener;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.ServerState.Phase;
import dev.starling.runtime.control.Configs;
import dev.starling.runtime.http.RawClient;
import dev.starling.runtime.http.RawUpstream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServerTest {

    private static final String HELLO = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

    @Test
    void servesWhatItsBootstrapSays() throws Exception {
        try (var upstream = RawUpstream.answering(HELLO)) {
            Server server = Server.create(ServerOptions.of(
                            bootstrap(List.of(httpListener("in", "up")), List.of(cluster("up", upstream.address()))),
                            Configs.EXTENSIONS)
                    .withConcurrency(2));
            assertThat(server.views().state().phase()).isEqualTo(Phase.PRE_INITIALIZING);

            server.start().toCompletableFuture().get(20, TimeUnit.SECONDS);

            assertThat(server.views().state().phase()).isEqualTo(Phase.LIVE);
            try (var client = new RawClient(address(server, "in"))) {
                assertThat(client.get("/").response())
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .endsWith("hello");
            }
            server.shutdown(Duration.ofSeconds(5)).toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    private static InetSocketAddress address(Server server, String listener) {
        return server.views().listeners().views().stream()
                .filter(view -> view.name().equals(listener))
                .map(view -> (InetSocketAddress) view.localAddresses().getFirst())
                .findFirst()
                .orElseThrow();
    }
}
