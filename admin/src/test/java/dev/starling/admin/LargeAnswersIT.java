package dev.starling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.stats.StatsScope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of many megabytes, to readers in no hurry. */
@Timeout(60)
final class LargeAnswersIT {

    private static final int COUNTERS = 200_000;

    /** What may be held for a page of more than ten megabytes: a few pieces of it, and what a warm-up leaves behind. */
    private static final long HELD_AT_MOST = 3 << 20;

    private AdminFixture admin;

    @BeforeEach
    void start() throws Exception {
        admin = AdminFixture.ofBootstrap();
        StatsScope scope = admin.stats.scope("cluster.a-cluster-with-a-name-of-some-length.");
        for (int i = 0; i < COUNTERS; i++) {
            scope.counter("counter_" + i);
        }
    }

    @AfterEach
    void stop() throws Exception {
        admin.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stats", "/stats?format=json"})
    void holdsLittleOfAPageThatNobodyReads(String page) throws Exception {
        warmUp(page);
        long before = heldAfterCollection();
        try (Socket socket = asks(page)) {
            BufferedReader answer = reader(socket);
            assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
            // The pages' two threads have answered all these in between: no one is waiting in a write.
            for (int i = 0; i < 20; i++) {
                assertThat(admin.get("/ready").statusCode()).isEqualTo(200);
                assertThat(admin.get("/clusters").statusCode()).isEqualTo(200);
            }

            assertThat(heldAfterCollection() - before).isLessThan(HELD_AT_MOST);
            assertThat(counters(answer)).isEqualTo(COUNTERS);
        }
    }

    @Test
    void stopsWhileSomebodyIsReading() throws Exception {
        try (AdminFixture other = AdminFixture.ofBootstrap()) {
            StatsScope scope = other.stats.scope("x.");
            for (int i = 0; i < COUNTERS; i++) {
                scope.counter("counter_" + i);
            }
            try (Socket socket = new Socket()) {
                ask(socket, other.address(), "/stats");
                assertThat(reader(socket).readLine()).isEqualTo("HTTP/1.1 200 OK");

                long begun = System.nanoTime();
                other.stop();
                assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(4));
            }
        }
    }

    /** So that classes and buffers that stay are there before. */
    private void warmUp(String page) throws Exception {
        try (Socket socket = asks(page)) {
            assertThat(counters(reader(socket))).isEqualTo(COUNTERS);
        }
        admin.get("/ready");
        admin.get("/clusters");
    }

    private Socket asks(String page) throws IOException {
        Socket socket = new Socket();
        ask(socket, admin.address(), page);
        return socket;
    }

    /** With a small window, so that little is on its way unread; as HTTP/1.0, so that the answer comes as it is. */
    private static void ask(Socket socket, InetSocketAddress address, String page) throws IOException {
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(address, 5000);
        socket.setSoTimeout(20_000);
        String request = "GET " + page + " HTTP/1.0\r\nHost: admin\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 8192);
    }

    /** How many of them are in the rest of the answer. */
    private static int counters(BufferedReader answer) throws IOException {
        StringWriter rest = new StringWriter();
        answer.transferTo(rest);
        return rest.toString().split("counter_", -1).length - 1;
    }

    private static long heldAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
