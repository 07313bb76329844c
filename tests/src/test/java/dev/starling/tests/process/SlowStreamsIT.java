package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bodies of a GiB, twenty down and twenty up at once, whose slow sides take a MiB a second: what the proxy holds of them
 * is bounded. Runs for ten seconds; {@code -Dstarling.slow-streams.seconds=45} for longer.
 */
@Timeout(180)
class SlowStreamsIT {

    private static final int STREAMS = 20;
    private static final long BODY_BYTES = 1L << 30;
    private static final int TICK_MILLIS = 50;
    private static final int TICK_BYTES = (1 << 20) * TICK_MILLIS / 1000;
    private static final long GROWTH_KIB = 16 * 1024;
    private static final int SECONDS = Integer.getInteger("starling.slow-streams.seconds", 10);

    /** All of the heap from the start, so that what grows is what the streams need beside it. */
    private static final List<String> SMALL =
            List.of("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=32m");

    @TempDir
    Path folder;

    private final List<Socket> slow = new CopyOnWriteArrayList<>();
    private final List<Socket> fast = new CopyOnWriteArrayList<>();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong given = new AtomicLong();

    @Test
    void holdsLittleOfBodiesWhoseTakersAreSlow() throws Exception {
        try (var upstream = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
                var starling =
                        StarlingProcess.serve(folder, SMALL, Bootstraps.http("timeout: 0s", upstream.getLocalPort()));
                ScheduledExecutorService takers = Executors.newSingleThreadScheduledExecutor()) {
            Thread.ofVirtual().start(() -> accept(upstream));
            InetSocketAddress address = starling.listener("in");
            warmUp(address);
            long before = Residence.kib(starling);
            long most = before;

            for (int i = 0; i < STREAMS; i++) {
                slow.add(request(address, "GET /down HTTP/1.1\r\nHost: test\r\n\r\n"));
                Socket up = request(
                        address, "POST /up HTTP/1.1\r\nHost: test\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n");
                fast.add(up);
                Thread.ofVirtual().start(() -> give(up));
            }
            takers.scheduleAtFixedRate(this::take, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
            for (int second = 0; second < SECONDS; second++) {
                // a tick of the takers' clock, not a sleep: they are what the test waits for
                takers.schedule(() -> {}, 1, TimeUnit.SECONDS).get();
                most = Math.max(most, Residence.kib(starling));
            }

            long rate = taken.get() / SECONDS / (1 << 10);
            System.out.printf(
                    "slow streams: %d s, %d streams, %d MiB taken (%d KiB/s each), %d MiB given ahead,"
                            + " resident %d KiB before and %d KiB at most: grown by %d KiB%n",
                    SECONDS,
                    slow.size(),
                    taken.get() >> 20,
                    rate / (2 * STREAMS),
                    (given.get() - taken.get()) >> 20,
                    before,
                    most,
                    most - before);
            assertThat(slow).hasSize(2 * STREAMS); // the twenty of ours, and the upstream's ends of the others
            assertThat(starling.stat("http.ingress.downstream_rq_active")).isEqualTo(2 * STREAMS);
            assertThat(rate).as("KiB/s, so the streams flow").isGreaterThan(2 * STREAMS * 1024 * 3 / 4);
            assertThat(most - before).as("KiB resident").isLessThan(GROWTH_KIB);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
            for (Socket socket : fast) {
                socket.close();
            }
        }
    }

    /** Everything has been used once, so that what is loaded, compiled and pooled for good is there. */
    private static void warmUp(InetSocketAddress address) throws IOException {
        byte[] body = new byte[1 << 16];
        for (int round = 0; round < 4; round++) {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                for (int i = 0; i < 500; i++) {
                    OutputStream out = socket.getOutputStream();
                    out.write(
                            bytes("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: " + body.length + "\r\n\r\n"));
                    out.write(body);
                    Wire.head(socket.getInputStream());
                    socket.getInputStream().skipNBytes(body.length);
                }
            }
        }
    }

    private static Socket request(InetSocketAddress address, String head) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.getOutputStream().write(bytes(head));
        return socket;
    }

    private void accept(ServerSocket upstream) {
        while (!upstream.isClosed()) {
            try {
                Socket socket = upstream.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try {
            for (String head = Wire.head(socket.getInputStream());
                    !head.isEmpty();
                    head = Wire.head(socket.getInputStream())) {
                if (head.startsWith("GET /down ")) {
                    fast.add(socket);
                    socket.getOutputStream()
                            .write(bytes("HTTP/1.1 200 OK\r\ncontent-length: " + BODY_BYTES + "\r\n\r\n"));
                    give(socket);
                    return;
                }
                if (head.startsWith("POST /up ")) {
                    slow.add(socket);
                    return;
                }
                byte[] body = socket.getInputStream().readNBytes(1 << 16);
                socket.getOutputStream().write(bytes("HTTP/1.1 200 OK\r\ncontent-length: 65536\r\n\r\n"));
                socket.getOutputStream().write(body);
            }
        } catch (IOException gone) {
            // the proxy has closed the connection
        }
    }

    /** As fast as it is taken. */
    private void give(Socket socket) {
        byte[] some = new byte[1 << 16];
        try {
            for (long left = BODY_BYTES; left > 0; left -= some.length) {
                socket.getOutputStream().write(some);
                given.addAndGet(some.length);
            }
        } catch (SocketException over) {
            // the test has ended
        } catch (IOException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    /** A tick's share from each stream. */
    private void take() {
        byte[] some = new byte[TICK_BYTES];
        slow.removeIf(socket -> {
            try {
                InputStream in = socket.getInputStream();
                taken.addAndGet(in.read(some, 0, Math.min(some.length, Math.max(0, in.available()))));
                return false;
            } catch (IOException over) {
                return true;
            }
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
