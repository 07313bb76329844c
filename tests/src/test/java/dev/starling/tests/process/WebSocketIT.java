package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RFC 6455 through the real process: the handshakes of {@code websocket-handshakes.txt} and the frames of
 * {@code websocket-cases.txt}, each at once, byte by byte, and sent before the handshake is answered.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebSocketIT {

    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String HANDSHAKE = "GET /echo HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n\r\n";

    /** Longer cases are not sent byte by byte. */
    private static final int BYTEWISE_BYTES = 1000;

    @TempDir
    static Path folder;

    private WebSocketEcho echo;
    private StarlingProcess starling;

    enum Sent {
        AT_ONCE,
        BYTE_BY_BYTE,
        BEFORE_THE_ANSWER
    }

    record Case(String name, List<WebSocketFrame> sends, List<WebSocketFrame> gets, Sent how) {

        byte[] wire() {
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            sends.forEach(frame -> wire.writeBytes(frame.wire(true)));
            return wire.toByteArray();
        }

        @Override
        public String toString() {
            return name + ", " + how;
        }
    }

    record Handshake(String name, List<String> lines, String status) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    void start() throws IOException {
        echo = new WebSocketEcho();
        String bootstrap = Bootstraps.http(echo.port())
                .replace(
                        "stat_prefix: ingress",
                        "stat_prefix: ingress\n          upgrade_configs: [{upgrade_type: websocket}]");
        starling = StarlingProcess.serve(folder, List.of("-Dio.netty.leakDetection.level=paranoid"), bootstrap);
    }

    @AfterAll
    void stop() throws IOException {
        if (starling != null) {
            Awaitility.await("nothing is left")
                    .atMost(10, TimeUnit.SECONDS)
                    .until(() -> starling.stat("http.ingress.downstream_cx_upgrades_active") == 0
                            && starling.stat("http.ingress.downstream_cx_active") == 0
                            && starling.stat("cluster.up.upstream_cx_active") == 0);
            String said = starling.out() + starling.err();
            starling.close();
            assertThat(said).doesNotContain("LEAK");
        }
        if (echo != null) {
            echo.close();
        }
    }

    static Stream<Case> cases() throws IOException {
        return lines("websocket-cases.txt").flatMap(columns -> {
            List<WebSocketFrame> sends = frames(columns[1]);
            List<WebSocketFrame> gets = columns.length > 2 ? frames(columns[2]) : sends;
            return Stream.of(Sent.values())
                    .map(how -> new Case(columns[0].strip(), sends, gets, how))
                    .filter(each -> each.how() != Sent.BYTE_BY_BYTE || each.wire().length < BYTEWISE_BYTES);
        });
    }

    private static List<WebSocketFrame> frames(String column) {
        return Arrays.stream(column.strip().split(" +"))
                .map(WebSocketFrame::parse)
                .toList();
    }

    static Stream<Handshake> handshakes() throws IOException {
        return lines("websocket-handshakes.txt")
                .map(columns -> new Handshake(
                        columns[0].strip(), List.of(columns[1].strip().split("; ")), columns[2].strip()));
    }

    private static Stream<String[]> lines(String resource) throws IOException {
        try (var in = WebSocketIT.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\\|"));
        }
    }

    private Wire connect() throws IOException {
        Wire wire = Wire.connect(starling.listener("in"));
        wire.socket().setTcpNoDelay(true);
        return wire;
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void shakesHands(Handshake each) throws IOException {
        try (Wire wire = connect()) {
            wire.send("GET /echo HTTP/1.1\r\nHost: a.test\r\n"
                    + String.join("\r\n", each.lines()).replace("KEY", KEY) + "\r\n\r\n");
            String head = wire.head();
            assertThat(head).startsWith("HTTP/1.1 " + each.status() + " ");
            if (each.status().equals("101")) {
                assertThat(head.toLowerCase(Locale.ROOT))
                        .contains("\r\nconnection: upgrade\r\n", "\r\nupgrade: websocket\r\n");
                assertThat(head).containsIgnoringCase("sec-websocket-accept: " + WebSocketEcho.accept(KEY) + "\r\n");
                assertThat(head.contains("chat")).isEqualTo(each.name().equals("a subprotocol"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void passesFrames(Case each) throws IOException {
        try (Wire wire = connect()) {
            byte[] frames = each.wire();
            if (each.how() == Sent.BEFORE_THE_ANSWER) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                all.writeBytes(HANDSHAKE.getBytes(StandardCharsets.US_ASCII));
                all.writeBytes(frames);
                send(wire, all.toByteArray());
                assertThat(wire.head()).startsWith("HTTP/1.1 101 ");
            } else {
                wire.send(HANDSHAKE);
                assertThat(wire.head()).startsWith("HTTP/1.1 101 ");
                if (each.how() == Sent.AT_ONCE) {
                    send(wire, frames);
                } else {
                    for (byte one : frames) {
                        wire.send(new byte[] {one});
                    }
                }
            }
            for (WebSocketFrame expected : each.gets()) {
                assertThat(WebSocketFrame.read(wire.in())).isEqualTo(expected);
            }
            if (each.gets().getLast().closes()) {
                assertThat(wire.rest()).isEmpty();
            }
        }
    }

    /** While what comes back is read, as a client must. */
    private static void send(Wire wire, byte[] bytes) {
        Thread.ofVirtual().start(() -> {
            try {
                wire.send(bytes);
            } catch (IOException gone) {
                // the server has closed, as some of the cases want
            }
        });
    }

    @Test
    void tellsTheServerWhatAClientSaidThatEndsAtOnce() throws Exception {
        echo.ends().clear();
        try (Wire wire = connect()) {
            wire.send(HANDSHAKE);
            assertThat(wire.head()).startsWith("HTTP/1.1 101 ");
            wire.send(WebSocketFrame.parse("text:last").wire(true));
            wire.socket().shutdownOutput();
            assertThat(echo.ends().poll(10, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }
}
