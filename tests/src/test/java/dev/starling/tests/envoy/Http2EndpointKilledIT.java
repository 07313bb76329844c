package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * HTTP/2 endpoints and clients that are processes of their own, killed with SIGKILL in the middle of their streams: what the
 * other side sees, the access log, statistics, outlier detection, and that every place in the pool and the circuit breaker is
 * given back. Everything is the same through the real Envoy, where there is one.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2EndpointKilledIT {

    private static final int PATIENCE_MILLIS = 20_000;
    private static final Pattern VARYING = Pattern.compile("(?im)^(date|x-request-id|x-envoy-[a-z-]*time): .*\n");
    private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:\\d+");

    private static final Pattern COMPARED = Pattern.compile("cluster\\.\\w+\\.(upstream_(cx|rq)_|circuit_breakers\\.|"
            + "outlier_detection\\.|http2\\.(streams_active|rx_reset|tx_reset)).*"
            + "|http\\.web\\.downstream_(rq_(active|rx_reset|tx_reset|\\dxx)|cx_(active|destroy)).*");

    /** Bytes depend on how fields are compressed; what waits to be written on the moment. */
    private static final Pattern NOT_COMPARED =
            Pattern.compile(".*(_bytes_(total|buffered)|upstream_rq_completed|_cx_length_ms)");

    /** Starling, and Envoy if it is there. */
    private final List<ProxyProcess> proxies = new ArrayList<>();

    private int port;
    private PathScriptedUpstream other;

    private static final String[] GRPC = {"content-type: application/grpc", "te: trailers"};
    private static final String BEFORE = "details=upstream_reset_before_response_started.connection_termination. ";
    private static final String AFTER = "details=upstream_reset_after_response_started.connection_termination. ";

    /** What happens with a proxy, told as text: a line that begins with {@code ---} for each request that is logged. */
    private interface Scene {
        String play(ProxyProcess proxy, MortalHttp2 endpoint) throws IOException;
    }

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        try (MortalHttp2 first = MortalHttp2.endpoint(0)) {
            port = first.port();
        }
        other = new PathScriptedUpstream();
        String bootstrap = BothProxies.resource("http2-killed.yaml")
                .replace("{mortal}", Integer.toString(port))
                .replace("{other}", Integer.toString(other.port()));
        proxies.add(ProxyProcess.starling(folder.resolve("starling"), bootstrap));
        Optional<Path> envoy = EnvoyBinary.find();
        if (envoy.isPresent()) {
            proxies.add(ProxyProcess.envoy(envoy.get(), folder.resolve("envoy"), bootstrap));
        }
    }

    @AfterAll
    void stop() throws IOException {
        proxies.forEach(ProxyProcess::close);
        if (other != null) {
            other.close();
        }
    }

    /** Through Starling, and compared with Envoy if it is there. */
    private String told(Scene scene) throws IOException {
        List<String> told = new ArrayList<>();
        for (ProxyProcess proxy : proxies) {
            long logged = proxy.size("access.log");
            Map<String, Long> before = compared(proxy);
            try (MortalHttp2 endpoint = MortalHttp2.endpoint(port)) {
                String seen = scene.play(proxy, endpoint);
                Awaitility.await("all is over")
                        .atMost(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                        .until(() -> stat(proxy, "http.web.downstream_cx_active") == 0);
                int lines = (int)
                        seen.lines().filter(line -> line.startsWith("---")).count();
                String log = logged(proxy, logged, lines).stream().sorted().collect(Collectors.joining("\n"));
                endpoint.kill();
                Awaitility.await("nothing is open")
                        .atMost(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                        .until(() -> stat(proxy, "cluster.up.upstream_cx_active") == 0);
                told.add(PORT.matcher(VARYING.matcher(seen).replaceAll("")).replaceAll("<address>") + "\nlog:\n" + log
                        + "\nstatistics:\n" + lines(StatChanges.between(before, compared(proxy), name -> true)));
            }
        }
        if (told.size() > 1) {
            assertThat(told.getFirst()).isEqualTo(told.getLast());
        }
        return told.getFirst();
    }

    /** The lines of the access log from that byte on, when there are so many. */
    private static List<String> logged(ProxyProcess proxy, long from, int lines) {
        return Awaitility.await("access log")
                .atMost(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .until(() -> proxy.lines("access.log", from), all -> all.size() >= lines);
    }

    private static String lines(Map<String, Long> counted) {
        return counted.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n"));
    }

    private static Map<String, Long> compared(ProxyProcess proxy) throws IOException {
        Map<String, Long> counted = new TreeMap<>(proxy.stats());
        counted.keySet()
                .removeIf(name -> !COMPARED.matcher(name).matches()
                        || NOT_COMPARED.matcher(name).matches());
        return counted;
    }

    private static long stat(ProxyProcess proxy, String name) throws IOException {
        return proxy.stats().getOrDefault(name, 0L);
    }

    private static void await(ProxyProcess proxy, String name, long value) {
        Awaitility.await(name)
                .atMost(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .until(() -> stat(proxy, name) == value);
    }

    // ---- clients --------------------------------------------------------------------------------------------------

    private static Socket connect(ProxyProcess proxy) throws IOException {
        InetSocketAddress address = proxy.listener("web");
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** @param active how many are under way when it has come to the endpoint; 0: nobody waits for that */
    private static Socket ask1(ProxyProcess proxy, String line, String more, int active) throws IOException {
        Socket socket = connect(proxy);
        socket.getOutputStream()
                .write((line + " HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\n" + more).getBytes(ISO_8859_1));
        if (active > 0) {
            await(proxy, "cluster.up.upstream_rq_active", active);
        }
        return socket;
    }

    private static String get1(ProxyProcess proxy, String path) throws IOException {
        try (Socket socket = ask1(proxy, "GET " + path, "\r\n", 0)) {
            return rest(socket);
        }
    }

    /** All that comes until the end, the fields of the head in their order. */
    private static String rest(Socket socket) throws IOException {
        String got = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        int end = got.indexOf("\r\n\r\n");
        String head = got.substring(0, Math.max(0, end))
                .lines()
                .sorted()
                .filter(line -> !line.startsWith("server"))
                .collect(Collectors.joining("\n"));
        return head + "\n\n" + got.substring(end + 4);
    }

    /** A client of HTTP/2 and what it got on each stream. */
    private static final class Client2 implements AutoCloseable {

        private final Socket socket;
        private final Http2Wire wire;
        private final Map<Integer, String> got = new TreeMap<>();
        private final Set<Integer> over = new HashSet<>();
        private boolean pong;

        Client2(ProxyProcess proxy) throws IOException {
            socket = connect(proxy);
            wire = new Http2Wire(socket);
            wire.begin();
        }

        void ask(int stream, boolean end, String method, String path, String... more) throws IOException {
            wire.headers(stream, end, Http2Peer.request(method, path, more));
        }

        private void read() throws IOException {
            Http2Wire.Frame frame = wire.next().orElseThrow();
            switch (frame.type()) {
                case Http2Peer.HEADERS, Http2Peer.DATA -> {
                    note(frame, frame.text());
                    if (frame.ends()) {
                        note(frame, "<end>");
                        over.add(frame.stream());
                    }
                }
                case Http2Peer.RST_STREAM -> {
                    note(frame, "<reset " + frame.number() + ">");
                    over.add(frame.stream());
                }
                case Http2Peer.PING -> pong = true;
                default -> {}
            }
        }

        private void note(Http2Wire.Frame frame, String text) {
            got.merge(frame.stream(), text, (before, more) -> before + "\n" + more);
        }

        void untilBegun(int stream) throws IOException {
            while (!got.containsKey(stream)) {
                read();
            }
        }

        /** What each stream got, when so many are over, and all that was sent until then. */
        List<String> untilOver(int streams) throws IOException {
            while (over.size() < streams) {
                read();
            }
            wire.ping();
            while (!pong) {
                read();
            }
            return got.values().stream().map(text -> "--- stream\n" + text).toList();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    // ---- scenes ---------------------------------------------------------------------------------------------------

    @Test
    void endsAllStreamsOfAConnectionAndGivesAllPlacesBack() throws IOException {
        String told = told((proxy, endpoint) -> {
            List<String> seen = new ArrayList<>();
            try (Client2 two = new Client2(proxy);
                    Socket never = ask1(proxy, "GET /1-never", "\r\n", 1);
                    Socket begun = ask1(proxy, "GET /1/begun", "\r\n", 2);
                    Socket open = ask1(proxy, "POST /1-open", "content-length: 10\r\n\r\nabc", 3)) {
                two.ask(1, true, "GET", "/2-never");
                await(proxy, "cluster.up.upstream_rq_active", 4);
                two.ask(3, true, "GET", "/2/begun");
                two.untilBegun(3);
                two.ask(5, false, "POST", "/2-open");
                await(proxy, "cluster.up.upstream_rq_active", 6);
                two.ask(7, true, "POST", "/2-grpc", GRPC);
                await(proxy, "cluster.up.upstream_rq_active", 7);
                two.ask(9, true, "POST", "/2-grpc/begun", GRPC);
                two.untilBegun(9);
                seen.add("--- one too many\n" + get1(proxy, "/ok"));
                seen.add("open " + stat(proxy, "cluster.up.circuit_breakers.default.rq_open") + " remaining "
                        + stat(proxy, "cluster.up.circuit_breakers.default.remaining_rq") + " connections "
                        + stat(proxy, "cluster.up.upstream_cx_active"));

                endpoint.refuseAndKill();

                for (Socket socket : List.of(never, begun, open)) {
                    seen.add("--- HTTP/1.1\n" + rest(socket));
                }
                seen.addAll(two.untilOver(5));
            }
            seen.add("--- while it is dead\n" + get1(proxy, "/ok"));
            try (MortalHttp2 again = MortalHttp2.endpoint(endpoint.port());
                    Client2 two = new Client2(proxy)) {
                for (int i = 0; i < 8; i++) {
                    two.ask(1 + 2 * i, true, "GET", "/again");
                    await(proxy, "cluster.up.upstream_rq_active", i + 1);
                }
                seen.add("--- one too many\n" + get1(proxy, "/ok"));
                again.refuseAndKill();
                seen.addAll(two.untilOver(8));
            }
            return String.join("\n", seen);
        });

        assertThat(told)
                .contains("open 1 remaining 0 connections 1")
                .containsPattern("HTTP/1.1 GET /1-never - code=503 flags=UC " + BEFORE)
                .containsPattern("HTTP/1.1 GET /1/begun - code=200 flags=UC " + AFTER)
                .containsPattern("HTTP/1.1 POST /1-open - code=503 flags=UC " + BEFORE)
                .containsPattern("HTTP/2 GET /2-never - code=503 flags=UC " + BEFORE)
                .containsPattern("HTTP/2 GET /2/begun - code=200 flags=UC " + AFTER)
                .containsPattern("HTTP/2 POST /2-open - code=503 flags=UC " + BEFORE)
                .containsPattern("HTTP/2 POST /2-grpc application/grpc code=200 flags=UC " + BEFORE)
                .containsPattern("HTTP/2 POST /2-grpc/begun application/grpc code=200 flags=UC " + AFTER)
                .contains("HTTP/1.1 GET /ok - code=503 flags=UF ")
                .contains("grpc-status: 14\n")
                .contains("cluster.up.upstream_cx_destroy_remote_with_active_rq=2\n")
                .contains("cluster.up.upstream_rq_pending_failure_eject=17\n")
                .contains("cluster.up.upstream_rq_active_overflow=2\n")
                .contains("cluster.up.upstream_cx_connect_fail=1\n")
                .doesNotContain("_active=", "_open=", "remaining_rq=");
    }

    /**
     * What has not been sent gets a connection of its own, which is refused here. Envoy gives it to the connection that has just
     * been lost and ends it with that.
     */
    @Test
    void triesAgainToConnectForWhatWaits() throws IOException {
        for (ProxyProcess proxy : proxies) {
            long logged = proxy.size("access.log");
            Map<String, Long> before = compared(proxy);
            List<String> seen;
            try (MortalHttp2 endpoint = MortalHttp2.endpoint(port);
                    Client2 two = new Client2(proxy)) {
                two.ask(1, true, "GET", "/queued/never");
                await(proxy, "cluster.queued.upstream_rq_active", 1);
                two.ask(3, true, "GET", "/queued/never");
                two.ask(5, true, "GET", "/queued/ok");
                await(proxy, "cluster.queued.upstream_rq_pending_active", 2);
                two.ask(7, true, "GET", "/queued/ok");
                two.untilBegun(7);

                endpoint.refuseAndKill();

                seen = two.untilOver(4);
            }
            logged(proxy, logged, 4); // lest they come in the next scene
            boolean ours = proxy == proxies.getFirst();
            String waited = ours ? "reset reason: remote connection failure" : "reset reason: connection termination";
            assertThat(seen.get(0)).contains(":status: 503", "reset reason: connection termination");
            assertThat(seen.get(1)).contains(":status: 503", waited);
            assertThat(seen.get(2)).contains(":status: 503", waited);
            assertThat(seen.get(3)).contains(":status: 503", "reset reason: overflow");
            assertThat(StatChanges.between(before, compared(proxy), name -> name.startsWith("cluster.queued.")))
                    .containsEntry("cluster.queued.upstream_rq_pending_total", 3L)
                    .containsEntry("cluster.queued.upstream_rq_pending_overflow", 1L)
                    .containsEntry("cluster.queued.upstream_cx_total", ours ? 2L : 1L)
                    .doesNotContainKeys(
                            "cluster.queued.upstream_rq_active",
                            "cluster.queued.upstream_rq_pending_active",
                            "cluster.queued.upstream_cx_active",
                            "cluster.queued.circuit_breakers.default.remaining_cx",
                            "cluster.queued.circuit_breakers.default.remaining_pending",
                            "cluster.queued.circuit_breakers.default.rq_pending_open");
        }
    }

    @Test
    void ejectsTheEndpointByTheStreamsThatItCost() throws IOException {
        String told = told((proxy, endpoint) -> {
            List<String> seen = new ArrayList<>();
            try (Client2 two = new Client2(proxy)) {
                for (int i = 0; i < 8; i++) { // in turn to the one and the other
                    two.ask(1 + 2 * i, true, "GET", "/watched/never");
                    await(proxy, "cluster.watched.upstream_rq_active", i + 1);
                }

                endpoint.refuseAndKill();

                two.untilOver(4);
                await(proxy, "cluster.watched.outlier_detection.ejections_active", 1);
                for (int i = 0; i < 4; i++) {
                    two.ask(17 + 2 * i, true, "GET", "/watched/ok");
                }
                seen.addAll(two.untilOver(8));
            }
            await(proxy, "cluster.watched.upstream_rq_active", 0);
            other.drop();
            await(proxy, "cluster.watched.upstream_cx_active", 0);
            return String.join("\n", seen) + "\n--- given up\n".repeat(4);
        });

        assertThat(told)
                .contains("cluster.watched.outlier_detection.ejections_enforced_consecutive_5xx=1\n")
                .contains("cluster.watched.upstream_cx_destroy_remote_with_active_rq=1\n")
                .contains("cluster.watched.upstream_rq_503=4\n", "cluster.watched.upstream_rq_200=4\n")
                .contains("cluster.watched.upstream_rq_tx_reset=4\n");
    }

    @Test
    void givesUpTheStreamsOfAClientThatIsKilled() throws IOException {
        String told = told((proxy, endpoint) -> {
            other.takeReceived();
            try (MortalHttp2 client = MortalHttp2.client(proxy.listener("web"), "/kept/never", "/kept/begun")) {
                await(proxy, "cluster.kept.upstream_rq_200", 1);

                client.kill();

                await(proxy, "cluster.kept.upstream_rq_active", 0);
            }
            other.catchUp();
            List<String> seen = new ArrayList<>(other.takeReceived());
            seen.add("--- after\n" + get1(proxy, "/kept/ok"));
            await(proxy, "cluster.kept.upstream_rq_active", 0);
            other.drop();
            await(proxy, "cluster.kept.upstream_cx_active", 0);
            return String.join("\n", seen) + "\n--- killed\n".repeat(2);
        });

        assertThat(told)
                .containsPattern("(?s)reset 2.*reset 2.*--- after\nHTTP/1.1 200")
                .contains("HTTP/2 POST /kept/never - code=0 flags=DC details=downstream_remote_disconnect")
                .contains("HTTP/2 POST /kept/begun - code=200 flags=DC details=downstream_remote_disconnect")
                .contains("cluster.kept.upstream_cx_total=1\n", "cluster.kept.upstream_rq_tx_reset=2\n")
                .contains("http.web.downstream_cx_destroy_remote_active_rq=1\n")
                .contains("http.web.downstream_rq_rx_reset=2");
    }
}
