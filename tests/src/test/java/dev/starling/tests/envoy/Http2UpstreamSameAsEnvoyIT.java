package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real Envoy and Starling with an HTTP/2 upstream: what clients of HTTP/1.1 and HTTP/2 get, what the upstream is told,
 * the access log, and what each exchange changes in the statistics. Left out, with a line that says so, without Envoy.
 */
class Http2UpstreamSameAsEnvoyIT extends Comparison<PathScriptedUpstream> {

    /** How long a client waits for more before it takes the answer for complete. */
    private static final int PATIENCE_MILLIS = 250;

    private static final Duration SETTLE_TIME = Duration.ofMillis(400);

    /** Reason phrases are compared where the upstream speaks HTTP/1.1 too. */
    private static final Pattern CHANGING =
            Pattern.compile("(?im)^(date|x-request-id|x-envoy-upstream-service-time): .*$|127\\.0\\.0\\.1:\\d+"
                    + "|(?<=HTTP/1\\.1 \\d{3}) .*$");

    /** Envoy's codec takes it for an error when its connection is closed behind the last answer. */
    private static final Pattern CLOSED_INSIDE = Pattern.compile("cluster\\.\\w+\\.upstream_cx_protocol_error=1, ");

    private static final Pattern COMPARED = Pattern.compile(
            "(cluster\\.(up|tolerant|limited|idling|aging|pinging|nudged)\\.(upstream_(cx|rq)_|http2\\.)"
                    + "|http\\.web\\.downstream_rq_(rx_reset|tx_reset|\\dxx)).*");

    /** Ours are fewer, or say a thing in another place; byte counts depend on how fields are compressed. */
    private static final Set<String> NOT_COMPARED = Set.of(
            "upstream_cx_rx_bytes_total",
            "upstream_cx_tx_bytes_total",
            "upstream_rq_completed",
            "http2.nghttp2_upstream_connections",
            "http2.header_list_size_too_large",
            "http2.header_overflow",
            "http2.goaway_sent",
            "http2.rx_messaging_error",
            "http2.stream_refused_errors",
            "downstream_rq_1xx",
            "upstream_cx_rx_bytes_buffered",
            "upstream_cx_tx_bytes_buffered");

    private static final List<String> PATHS = List.of(
            "ok",
            "empty",
            "trailers",
            "te",
            "info-103",
            "info-100",
            "rst-0",
            "rst-1",
            "rst-2",
            "rst-5",
            "rst-7",
            "rst-8",
            "rst-10",
            "rst-11",
            "rst-13",
            "part-0",
            "part-1",
            "part-2",
            "part-7",
            "part-8",
            "part-99",
            "close",
            "nostatus",
            "twostatus",
            "otherpseudo",
            "latestatus",
            "connection",
            "keepalive",
            "chunked",
            "length-5",
            "length-4",
            "length-6",
            "length-x",
            "lengths",
            "lengthend-200-5",
            "lengthend-204-0",
            "lengthend-204-5",
            "lengthend-304-5",
            "body-204",
            "body-304",
            "status-99",
            "status-20x",
            "status-101",
            "status-599",
            "upper",
            "infoend",
            "twofinal",
            "datafirst",
            "pseudotrailers",
            "openttrailers",
            "many-99",
            "many-101",
            "large-59",
            "large-70",
            "goaway-0",
            "goaway-2",
            "okgoaway",
            "idle",
            "garbage");

    Http2UpstreamSameAsEnvoyIT() {
        super("http2-upstream.yaml");
    }

    @Override
    PathScriptedUpstream openUpstream() throws IOException {
        return new PathScriptedUpstream();
    }

    @Override
    Map<String, ?> values() {
        return Map.of("upstream", upstream.port());
    }

    static Stream<Arguments> answers() {
        return PATHS.stream()
                .flatMap(path -> Stream.of("GET web", "HEAD web", "GET tolerant")
                        .map(how -> how.split(" ", 2))
                        .filter(how -> how[0].equals("GET") || !moreThanAHead(path))
                        .map(how -> Arguments.of(path, how[0], how[1])));
    }

    /** A body where none may be, and then something else: Envoy goes by what it has read last. */
    private static boolean moreThanAHead(String path) {
        return path.startsWith("part-") || path.equals("okgoaway");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void passesAnswersOnToHttp1(String path, String method, String listener) throws IOException {
        String request = method + " /" + path + " HTTP/1.1\r\nhost: a.test\r\nx-a: b\r\n\r\n";
        proxies.assertAlike(proxy -> told(proxy, listener, socket -> ClientTalk.http1(socket, request)));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void passesAnswersOnToHttp2(String path, String method, String listener) throws IOException {
        proxies.assertAlike(proxy -> told(
                proxy,
                listener,
                socket -> ClientTalk.http2(socket, wire -> wire.headers(1, true, head(method, path, "te: trailers")))));
    }

    @ParameterizedTest
    @MethodSource("lifetimes")
    void keepsConnectionsAsLong(String name, Client client) throws IOException {
        assertThat(name).isNotEmpty();
        proxies.assertAlike(
                proxy -> CLOSED_INSIDE.matcher(told(proxy, "web", client)).replaceAll(""));
    }

    static Stream<Arguments> lifetimes() {
        return Stream.of(
                Arguments.of("two requests a connection, in turn", inTurn("limited/ok", "limited/ok", "limited/ok")),
                Arguments.of("two requests, of which the second ends first", atOnce("limited/all", "limited/ok")),
                Arguments.of("idle", inTurn("idling/ok")),
                Arguments.of("idle but for one", atOnce("idling/never", "idling/ok")),
                Arguments.of("old", inTurn("aging/ok")),
                Arguments.of("old, and another request", inTurn("aging/ok", "", "aging/ok")),
                Arguments.of("does not answer pings", inTurn("pinging/ok")),
                Arguments.of("does not answer pings with a request", inTurn("pinging/never")),
                Arguments.of("does not answer pings with an answer begun", inTurn("pinging/begun")),
                Arguments.of("silent, and another request", inTurn("nudged/ok", "", "nudged/never")),
                Arguments.of("silent", inTurn("nudged/ok", "")),
                Arguments.of("allows one", inTurn("allows-1", "ok", "ok")),
                Arguments.of("allows one, and gets two", two(wire -> {
                    ask(wire, 1, "allows-1");
                    answered(wire, 1);
                    wire.together(() -> {
                        ask(wire, 3, "never");
                        ask(wire, 5, "ok");
                    });
                })),
                Arguments.of("allows none", inTurn("allows-0", "ok")),
                Arguments.of("goes away in the middle", atOnce("never", "last-1")),
                Arguments.of("goes away behind all", inTurn("last-99", "ok")),
                Arguments.of("goes away, and another request", inTurn("okgoaway", "ok")),
                Arguments.of("refuses, and another request", inTurn("rst-7", "ok")));
    }

    private static void ask(Http2Wire wire, int stream, String path) throws IOException {
        wire.headers(stream, true, head("GET", path));
    }

    /** Until the stream has ended. */
    private static void answered(Http2Wire wire, int stream) throws IOException {
        Optional<Http2Wire.Frame> frame = wire.next();
        while (frame.isPresent()
                && (frame.get().stream() != stream || !frame.get().ends())) {
            frame = wire.next();
        }
    }

    private static Client atOnce(String... paths) {
        return two(wire -> wire.together(() -> {
            for (int i = 0; i < paths.length; i++) {
                ask(wire, 1 + 2 * i, paths[i]);
            }
        }));
    }

    /** Each when the one before has been answered; nothing for as long as a client waits for more where one is empty. */
    private static Client inTurn(String... paths) {
        return two(wire -> {
            for (int i = 0; i < paths.length; i++) {
                if (paths[i].isEmpty()) {
                    silence(wire);
                } else {
                    ask(wire, 1 + 2 * i, paths[i]);
                    if (i < paths.length - 1) {
                        answered(wire, 1 + 2 * i);
                    }
                }
            }
        });
    }

    private static void silence(Http2Wire wire) throws IOException {
        try {
            answered(wire, 0);
        } catch (SocketTimeoutException silent) {
            return;
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void passesRequestsOn(String name, Client client) throws IOException {
        assertThat(name).isNotEmpty();
        proxies.assertAlike(proxy -> told(proxy, "web", client));
    }

    /** What a client does on its connection, and what it got. */
    interface Client {
        String talk(Socket socket) throws IOException;
    }

    static Stream<Arguments> requests() {
        String chunked = "POST /whole HTTP/1.1\r\nhost: a.test\r\ntransfer-encoding: chunked\r\n\r\n";
        return Stream.of(
                Arguments.of("1 with trailers", one(chunked + "3\r\nabc\r\n0\r\nx-t: 1\r\n\r\n")),
                Arguments.of(
                        "1 with a length", one("POST /whole HTTP/1.1\r\nhost: a.test\r\ncontent-length: 3\r\n\r\nabc")),
                Arguments.of(
                        "1 without a body", one("POST /whole HTTP/1.1\r\nhost: a.test\r\ncontent-length: 0\r\n\r\n")),
                Arguments.of(
                        "1 with headers of a connection",
                        one("GET /ok HTTP/1.1\r\nhost: a.test\r\nconnection: x-b, te\r\nx-b: c\r\nkeep-alive: 1\r\n"
                                + "te: trailers\r\nproxy-connection: close\r\n\r\n")),
                Arguments.of(
                        "1 answered before it is complete",
                        one("POST /ok HTTP/1.1\r\nhost: a.test\r\ncontent-length: 3\r\n\r\nab")),
                Arguments.of("2 with trailers", two(wire -> {
                    wire.headers(1, false, head("POST", "whole"));
                    wire.data(1, "abc", false);
                    wire.headers(1, true, "x-t: 1");
                })),
                Arguments.of("2 with a body", two(wire -> {
                    wire.headers(1, false, head("POST", "whole", "content-length: 3"));
                    wire.data(1, "abc", true);
                })),
                Arguments.of("2 answered before it is complete", two(wire -> {
                    wire.headers(1, false, head("POST", "ok"));
                    wire.data(1, "abc", false);
                })),
                Arguments.of("2 reset before it is complete", two(wire -> {
                    wire.headers(1, false, head("POST", "rst-8"));
                    wire.data(1, "abc", false);
                })),
                Arguments.of("2 given up", two(wire -> {
                    wire.together(() -> {
                        ask(wire, 1, "never");
                        ask(wire, 3, "ok");
                    });
                    answered(wire, 3);
                    wire.reset(1, 8);
                })),
                Arguments.of("2 timed out", two(wire -> wire.headers(1, true, head("GET", "slow/never")))),
                Arguments.of("1 timed out", one("GET /slow/never HTTP/1.1\r\nhost: a.test\r\n\r\n")),
                Arguments.of("1 too long a stream", one("GET /lasting/never HTTP/1.1\r\nhost: a.test\r\n\r\n")),
                Arguments.of(
                        "1 too long a stream with a request",
                        one("POST /lasting/never HTTP/1.1\r\nhost: a.test\r\ncontent-length: 3\r\n\r\n")),
                Arguments.of(
                        "2 with two cookies",
                        two(wire -> wire.headers(1, true, head("GET", "ok", "cookie: a=b", "cookie: c=d")))));
    }

    private static Client one(String request) {
        return socket -> ClientTalk.http1(socket, request);
    }

    private static Client two(ClientTalk.Says says) {
        return socket -> ClientTalk.http2(socket, says);
    }

    private static String[] head(String method, String path, String... more) {
        return Http2Peer.request(method, "/" + path, more);
    }

    private String told(ProxyProcess proxy, String listener, Client client) throws IOException {
        long logged = proxy.size("access.log");
        Map<String, Long> before = counted(proxy);
        InetSocketAddress address = proxy.listener(listener);
        String got;
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            got = client.talk(socket);
        }
        settle(proxy, "downstream_cx_active");
        List<String> lines = proxy.linesWithin("access.log", logged, 1, SETTLE_TIME);
        Map<String, Long> changes = changes(before, counted(proxy));
        upstream.catchUp();
        List<String> told = upstream.takeReceived();
        upstream.drop();
        settle(proxy, "upstream_cx_active");
        upstream.takeReceived();
        return neutral("client:\n" + got + "\nupstream:\n" + String.join("\n", told) + "\nlog:\n"
                + String.join("\n", lines) + "\nstatistics:\n" + changes);
    }

    /** The connections of the case are gone, so that all is counted, or the next begins with none. */
    private static void settle(ProxyProcess proxy, String gauge) throws IOException {
        long deadline = System.nanoTime() + SETTLE_TIME.toNanos();
        while (proxy.stats().keySet().stream().anyMatch(name -> open(name, gauge)) && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    private static boolean open(String name, String gauge) {
        return name.endsWith(gauge) && !name.startsWith("http.admin.") && !name.startsWith("listener.");
    }

    private static Map<String, Long> counted(ProxyProcess proxy) throws IOException {
        Map<String, Long> counted = new TreeMap<>();
        proxy.stats().forEach((name, value) -> {
            if (COMPARED.matcher(name).matches() && NOT_COMPARED.stream().noneMatch(name::endsWith)) {
                counted.put(name, value);
            }
        });
        return counted;
    }

    private static Map<String, Long> changes(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> changes = new TreeMap<>(after);
        before.forEach((name, value) -> changes.merge(name, -value, Long::sum));
        changes.values().removeIf(change -> change == 0);
        return changes;
    }

    private static String neutral(String text) {
        return CHANGING.matcher(text).replaceAll("$1");
    }
}
