package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.Http2Options;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that attack: requests smuggled through fields and lengths, broken frames, broken header compression. */
@Timeout(60)
class Http2HostileIT {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    private final LeakWatch leaks = LeakWatch.start();
    private ProxyFixture proxy;
    private RawUpstream upstream;
    private InetSocketAddress address;

    /** @param bytes in hexadecimal */
    record Attack(String name, String want, String bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Attack> attacks() throws IOException {
        try (InputStream in = Objects.requireNonNull(Http2HostileIT.class.getResourceAsStream("hostile-http2.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .map(line -> line.split(" "))
                            .map(parts -> new Attack(parts[0], parts[1], parts[2]))
                            .toList()
                            .stream();
        }
    }

    @BeforeEach
    void start() throws Exception {
        proxy = ProxyFixture.start();
        upstream = RawUpstream.answering(OK);
        proxy.publish(ProxyFixture.cluster("up"), OutlierMonitor.OFF, upstream.address());
        address = proxy.listen(HttpFixture.connectionManager(HttpFixture.http2(
                HttpFixture.settings(HttpFixture.routes(HttpFixture.route("/", "up"))), Http2Options.DEFAULT)));
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
        proxy.withdraw("up");
        proxy.eventually("no stream is left", () -> proxy.gauge("http.http.http2.streams_active") == 0);
        proxy.close();
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void doesNoHarm(Attack attack) throws Exception {
        try (var attacker = new Http2Client(address)) {
            attacker.bytes(HexFormat.of().parseHex(attack.bytes())).frame(Http2Client.PING, 0, 0, new byte[8]);
            boolean open = true;
            while (open && attacker.pingAnswers() == 0) {
                open = attacker.more();
            }
            List<String> reached;
            try (var other = new Http2Client(address)) {
                assertThat(other.settings().get(1, "/canary").ended(1).status).isEqualTo("200");
                reached = upstream.requests().stream()
                        .filter(head -> !head.startsWith("GET /canary "))
                        .toList();
            }
            boolean refused = !open
                    || attacker.answer(1).reset >= 0
                    || attacker.answer(1).status.startsWith("4");
            switch (attack.want()) {
                case "ok" -> assertThat(attacker.ended(1).status).isEqualTo("200");
                case "reject" -> assertThat(refused).isTrue();
                case "conn" -> assertThat(open).isFalse();
                case "safe" -> assertThat(reached).hasSizeLessThanOrEqualTo(1).noneMatch(Http2HostileIT::smuggled);
                default -> assertThat(attack.want()).isIn("survive", "bounded");
            }
            if (attack.want().equals("reject") && !attack.name().startsWith("trailer")) {
                assertThat(reached).isEmpty();
            }
        }
    }

    private static boolean smuggled(String head) {
        return head.contains("smuggled") || head.toLowerCase(Locale.ROOT).contains("evil: 1");
    }
}
