package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the process ends. */
@Timeout(60)
class StopIT {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    @TempDir
    Path folder;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);

    /** Answers at once, but for {@code /slow}, which it answers when told to. */
    private WireServer upstream() throws IOException {
        return new WireServer(wire -> {
            for (String head = wire.head(); !head.isEmpty(); head = wire.head()) {
                if (head.startsWith("GET /slow ")) {
                    asked.countDown();
                    answer.await();
                }
                wire.send(OK);
            }
        });
    }

    @Test
    void letsWhatIsInFlightEndAndTakesNothingNew() throws Exception {
        try (var upstream = upstream();
                var starling = StarlingProcess.serve(folder, List.of(), Bootstraps.http(upstream.port()))) {
            InetSocketAddress address = starling.listener("in");
            try (var idle = Wire.connect(address);
                    var busy = Wire.connect(address)) {
                assertThat(idle.get("/").response()).endsWith("ok");
                busy.get("/slow");
                assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

                starling.terminate();

                assertThat(idle.rest()).as("the idle connection closes").isEmpty();
                await().atMost(Duration.ofSeconds(10)).until(() -> refuses(address));
                assertThat(starling.isAlive()).isTrue();
                answer.countDown();
                assertThat(busy.rest())
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .contains("\r\nconnection: close\r\n")
                        .endsWith("ok");
                assertThat(starling.exit()).isZero();
            }
        }
    }

    @Test
    void waitsNoLongerThanTheGrace() throws Exception {
        try (var upstream = upstream();
                var starling = StarlingProcess.serve(
                        folder, List.of(), Bootstraps.http(upstream.port()), "--shutdown-grace-s", "1");
                var busy = Wire.connect(starling.listener("in"))) {
            busy.get("/slow");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            long before = System.nanoTime();

            starling.terminate();

            assertThat(busy.rest()).isEmpty();
            assertThat(starling.exit()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
            answer.countDown();
        }
    }

    @Test
    void endsAtOnceOnASecondSignal() throws Exception {
        try (var upstream = upstream();
                var starling = StarlingProcess.serve(folder, List.of(), Bootstraps.http(upstream.port()));
                var idle = Wire.connect(starling.listener("in"));
                var busy = Wire.connect(starling.listener("in"))) {
            busy.get("/slow");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            starling.terminate();
            assertThat(idle.rest()).isEmpty(); // so the first has been heard

            starling.terminate();

            assertThat(busy.rest()).isEmpty();
            assertThat(starling.exit()).isZero();
            answer.countDown();
        }
    }

    private static boolean refuses(InetSocketAddress address) throws IOException {
        try (var wire = Wire.connect(address)) {
            return wire.socket().isClosed();
        } catch (ConnectException refused) {
            return true;
        }
    }
}
