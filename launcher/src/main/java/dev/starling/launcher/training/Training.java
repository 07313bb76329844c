package dev.starling.launcher.training;

import dev.starling.config.proto.source.ConfigText;
import dev.starling.launcher.demo.Demo;
import dev.starling.runtime.time.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first visitors of a proxy, played to it so that the JVM records what a start, traffic, handshakes and updates need: which
 * classes, linked, and which methods are hot and how. Behind it is another one, with the demo's upstreams, TLS, HTTP/2 and
 * a relay, so that one visit sees both sides of all but TCP.
 */
public final class Training implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Training.class);

    private static final int REQUESTS_EACH = 25;

    /** Until a move shows; where files are watched by looking at them now and then, it does not. */
    private static final Duration MOVE_TIMEOUT = Duration.ofSeconds(10);

    private static final List<String> BIRDS = List.of("robin", "wren");

    private static final List<String> REQUESTS = List.of(
            "GET / HTTP/1.1\r\nHost: demo\r\nUser-Agent: training\r\nAccept: */*\r\n\r\n",
            "GET /some/path?with=query HTTP/1.1\r\nHost: demo:80\r\nCookie: a=b\r\nAccept-Encoding: gzip\r\n\r\n",
            "POST /form HTTP/1.1\r\nHost: demo\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
            "PUT /chunks HTTP/1.1\r\nHost: demo\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

    private static final List<String> ADMIN_PATHS = List.of(
            "/ready", "/clusters", "/listeners", "/stats", "/stats/prometheus", "/server_info", "/config_dump", "/");

    private final Visits visits;
    private final Clock clock;
    private final Demo demo;
    private final MovingEndpoint moving;

    private Training(Visits visits, Clock clock, Demo demo, MovingEndpoint moving) {
        this.visits = visits;
        this.clock = clock;
        this.demo = demo;
        this.moving = moving;
    }

    /**
     * How many there are.
     *
     * @param connections over HTTP/1.1 and TCP each, of some requests
     * @param http2 requests over HTTP/2
     * @param handshakes full ones and resumed ones, each
     * @param moves of an endpoint
     */
    public record Visits(int connections, int http2, int handshakes, int moves) {
        /** So many that the JVM compiles what they run in as well as it can, in some 20 s. */
        public static final Visits MANY = new Visits(200, 3_000, 1_500, 1_500);
    }

    public static Training prepare(Visits visits, Clock clock) throws IOException {
        Demo demo = Demo.start();
        try {
            return new Training(visits, clock, demo, MovingEndpoint.at(demo.port(BIRDS.getLast())));
        } catch (IOException e) {
            demo.close();
            throw e;
        }
    }

    /** The bootstrap of the proxy behind, in parts. */
    public List<ConfigText> behind() throws IOException {
        String relay = resource("relay.yaml")
                .replace("@moving@", moving.file().toString().replace("'", "''"));
        return List.of(demo.bootstrap(0, 0), ConfigText.yaml("relay.yaml", relay));
    }

    /** The bootstrap of the proxy that is visited, when the one behind runs. */
    public List<ConfigText> visited(Function<String, InetSocketAddress> listenersBehind) throws IOException {
        String text = resource("proxy.yaml");
        for (String listener : List.of("xds", Demo.LISTENER, Demo.TLS_LISTENER)) {
            int port = listenersBehind.apply(listener).getPort();
            text = text.replace("@" + listener + "@", Integer.toString(port));
        }
        return List.of(ConfigText.yaml("proxy.yaml", text));
    }

    /** @throws IOException if an answer is not what it must be, or does not come */
    public void visit(Function<String, InetSocketAddress> listeners, Optional<InetSocketAddress> admin)
            throws IOException {
        InetSocketAddress http = listeners.apply("http");
        for (int i = 0; i < visits.connections(); i++) {
            askAll(http);
            askAll(listeners.apply("tcp"));
        }
        repeat(http, "/http2", visits.http2());
        repeat(http, "/handshake", visits.handshakes());
        repeat(http, "/resumed", visits.handshakes());
        followMoves(http);
        if (admin.isPresent()) {
            for (String path : ADMIN_PATHS) {
                try (var visitor = new Visitor(admin.get())) {
                    visitor.last("GET " + path + " HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n");
                }
            }
        }
    }

    private static void askAll(InetSocketAddress address) throws IOException {
        try (var visitor = new Visitor(address)) {
            for (int i = 0; i < REQUESTS_EACH; i++) {
                visitor.ask(REQUESTS.get(i % REQUESTS.size()));
            }
            visitor.head("HEAD / HTTP/1.1\r\nHost: demo\r\n\r\n");
        }
    }

    private static void repeat(InetSocketAddress address, String path, int times) throws IOException {
        try (var visitor = new Visitor(address)) {
            for (int i = 0; i < times; i++) {
                visitor.get(path);
            }
        }
    }

    /** Where one does not show, the rest are left out: the rest of the training is worth having. */
    private void followMoves(InetSocketAddress address) throws IOException {
        try (var visitor = new Visitor(address)) {
            for (int i = 0; i < visits.moves(); i++) {
                String bird = BIRDS.get(i % BIRDS.size());
                moving.move(demo.port(bird));
                if (!answers(visitor, bird)) {
                    LOG.warn("move {} of an endpoint does not show; no more of them", i + 1);
                    return;
                }
            }
        }
    }

    private boolean answers(Visitor visitor, String bird) throws IOException {
        long asked = clock.nanoTime();
        while (!visitor.get("/moving").startsWith(bird)) {
            if (clock.nanoTime() - asked > MOVE_TIMEOUT.toNanos()) {
                return false;
            }
        }
        return true;
    }

    private static String resource(String name) throws IOException {
        try (var in = Training.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        try (moving) {
            demo.close();
        }
    }
}
