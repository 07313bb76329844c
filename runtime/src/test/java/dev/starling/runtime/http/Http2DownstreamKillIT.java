package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.http.KillScene.Kill;
import dev.starling.runtime.http.Outcomes.Outcome;
import dev.starling.runtime.listener.ProxyFixture;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Either side of an HTTP/2 connection with several streams goes away after every single byte of what it has to say: each
 * request that had begun ends once, and whatever is held for it is given back.
 */
@Timeout(60)
class Http2DownstreamKillIT {

    private static final String WHOLE = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    private KillScene scene;
    private ProxyFixture proxy;
    private Outcomes outcomes;
    private InetSocketAddress address;

    /** What a client says, frame by frame. */
    private static final class Said {

        private final ByteBuf bytes = Unpooled.buffer();
        private final List<Integer> begun = new ArrayList<>();

        Said() {
            bytes.writeCharSequence("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII);
            frame(Http2Client.SETTINGS, 0, 0, "");
            request(1, "GET", "/answered", true);
            request(3, "POST", "/a", false);
            frame(Http2Client.DATA, 0, 3, "hello");
            request(5, "POST", "/a", false);
            frame(Http2Client.DATA, 0, 5, "he");
            request(7, "GET", "/a", true);
            frame(Http2Client.RST_STREAM, 0, 7, "\0\0\0\10");
            frame(Http2Client.DATA, Http2Client.END_STREAM, 5, "llo");
            frame(Http2Client.WINDOW_UPDATE, 0, 0, "\0\0\0\7");
            frame(Http2Client.HEADERS, 5, 3, field("x-last", "1"));
        }

        private void request(int stream, String method, String path, boolean end) {
            String block = field(":method", method)
                    + field(":scheme", "http")
                    + field(":authority", "t")
                    + field(":path", path);
            frame(Http2Client.HEADERS, Http2Client.END_HEADERS | (end ? Http2Client.END_STREAM : 0), stream, block);
            begun.add(bytes.readableBytes());
        }

        /** A literal that is not indexed. */
        private static String field(String name, String value) {
            return "\0" + (char) name.length() + name + (char) value.length() + value;
        }

        private void frame(int type, int flags, int stream, String payload) {
            bytes.writeMedium(payload.length()).writeByte(type).writeByte(flags).writeInt(stream);
            bytes.writeCharSequence(payload, StandardCharsets.ISO_8859_1);
        }

        /** Requests whose head is complete after so many bytes. */
        long begun(int sent) {
            return begun.stream().filter(end -> end <= sent).count();
        }
    }

    @BeforeEach
    void start() {
        scene = KillScene.to(ProxyFixture.clusterWithTrailers("up"));
        proxy = scene.proxy();
        outcomes = scene.outcomes();
        address = scene.address();
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    @ParameterizedTest
    @EnumSource(Kill.class)
    void givesBackEverythingWhenTheClientGoesAway(Kill kill) throws Exception {
        Said said = new Said();
        byte[] bytes = ByteBufUtil.getBytes(said.bytes);
        try (var upstream = new RawUpstream(connection -> {
            for (String head = connection.readHead(); head != null; head = connection.readHead()) {
                if (head.startsWith("GET /answered ")) {
                    connection.write(WHOLE);
                }
            }
        })) {
            scene.publish(upstream.address());
            long received = 0;
            for (int sent = 0; sent <= bytes.length; sent++) {
                String when = "killed by " + kill + " after " + sent + " bytes";
                try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                    client.getOutputStream().write(Arrays.copyOf(bytes, sent));
                    received += sent;
                    scene.receivedFromClients(received);
                    kill.client(client);
                    scene.nothingIsLeft(when, 0);
                }
                for (long i = said.begun(sent); i > 0; i--) {
                    assertThat(outcomes.next().flags()).as(when).isIn("", "DC", "DR");
                }
                assertThat(outcomes.isEmpty()).as(when).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FIN", "RST"})
    void tellsEachStreamWhenItsUpstreamGoesAway(Kill kill) throws Exception {
        String answer = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n0\r\nx-end: 1\r\n\r\n";
        int[] length = {0};
        var go = new Semaphore(0);
        try (var upstream = new RawUpstream(connection -> {
                    boolean whole = String.valueOf(connection.readHead()).startsWith("GET /whole");
                    connection.write(whole ? answer : answer.substring(0, length[0]));
                    go.acquireUninterruptibly();
                    kill.upstream(connection);
                });
                var client = new Http2Client(address)) {
            scene.publish(upstream.address());
            client.settings();
            int stream = 1;
            for (length[0] = 0; length[0] < answer.length(); length[0]++, stream += 6) {
                String when = "killed by " + kill + " after " + length[0] + " bytes";
                client.get(stream, "/a").post(stream + 2, "/a").data(stream + 2, "hello", false);
                client.get(stream + 4, "/whole");
                int requests = (stream + 5) / 2;
                proxy.eventually(
                        "all requests are there", () -> upstream.requests().size() == requests);
                go.release(3);

                assertThat(client.ended(stream + 4).trailers).as(when).isEqualTo("x-end: 1");
                for (int broken = stream; broken < stream + 4; broken += 2) {
                    Http2Client.Answer seen = client.ended(broken);
                    assertThat(seen.ended ? seen.status : "reset " + seen.status)
                            .as(when)
                            .isIn("502", "503", "reset 200");
                }
                scene.nothingIsLeft(when, 1);
                for (int i = 0; i < 3; i++) {
                    Outcome outcome = outcomes.next();
                    assertThat(outcome.flags()).as(when + ": " + outcome).isIn("", "UC", "UPE");
                }
                assertThat(outcomes.isEmpty()).as(when).isTrue();
            }
        }
    }
}
