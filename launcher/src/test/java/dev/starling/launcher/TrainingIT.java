package dev.starling.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrainingIT {

    private final Map<String, Integer> seen = new ConcurrentHashMap<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else each answer takes 40 ms
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            seen.merge(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(), 1, Integer::sum);
            exchange.getRequestBody().readAllBytes();
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, head ? -1 : 3);
            if (!head) {
                exchange.getResponseBody().write(new byte[3]);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void visitsTheProxyAndItsAdminServer() throws IOException {
        Training.visit(new FakeProxy(server.getAddress(), Optional.of(server.getAddress())));

        assertThat(seen)
                .containsEntry("POST /form", 400)
                .containsEntry("PUT /chunks", 400)
                .containsEntry("HEAD /", 400)
                .containsEntry("GET /stats/prometheus", 1);
    }

    @Test
    void failsWhenTheProxyDoesNotAnswer() {
        var nobody = new InetSocketAddress(
                server.getAddress().getAddress(), server.getAddress().getPort());
        server.stop(0);

        assertThatThrownBy(() -> Training.visit(new FakeProxy(nobody, Optional.empty())))
                .isInstanceOf(IOException.class);
    }
}
