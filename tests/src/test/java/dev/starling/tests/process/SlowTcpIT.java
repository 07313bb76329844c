package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One TCP connection on which a side sends as fast as it may and the other reads slowly: what the proxy holds of it is
 * bounded by what the configuration lets it. 256 MiB; {@code -Dstarling.slow-tcp.mib=1024} for more.
 */
@Timeout(120)
class SlowTcpIT {

    private static final long MIB = Integer.getInteger("starling.slow-tcp.mib", 256);
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int TICK_MILLIS = 5;

    /** A fifth of what loopback carries at the least, so the reader is what is waited for. */
    private static final int TICK_BYTES = 8 * CHUNK_BYTES;

    private static final int BUFFER_BYTES = 1 << 20;

    /** Each direction's buffer, and what the allocator sets aside round them: chunks of 4 MiB, one for each direction. */
    private static final long GROWTH_KIB = 2 * (BUFFER_BYTES >> 10) + 2 * 4096;

    /** All of the heap from the start, so that what grows is what the connection needs beside it. */
    private static final List<String> SMALL =
            List.of("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=32m");

    @TempDir
    Path folder;

    enum Direction {
        UP,
        DOWN
    }

    @ParameterizedTest
    @EnumSource
    void holdsLittleOfWhatIsReadSlowly(Direction direction) throws Exception {
        try (var upstream = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
                var starling =
                        StarlingProcess.serve(folder, SMALL, Bootstraps.tcp(BUFFER_BYTES, upstream.getLocalPort()));
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            InetSocketAddress address = starling.listener("in");
            for (int i = 0; i < 4; i++) {
                warmUp(address, upstream);
            }
            long before = Residence.kib(starling);
            long most = before;

            try (var client = new Socket(address.getAddress(), address.getPort());
                    var server = upstream.accept()) {
                Socket from = direction == Direction.UP ? client : server;
                Socket to = direction == Direction.UP ? server : client;
                CompletableFuture<Void> given =
                        CompletableFuture.runAsync(() -> give(from, MIB << 20), Thread::startVirtualThread);
                long taken = 0;
                while (taken < MIB << 20) {
                    // a tick of the reader's clock: it is the slowness that the test is about
                    clock.schedule(() -> {}, TICK_MILLIS, TimeUnit.MILLISECONDS).get();
                    taken += take(to.getInputStream(), Math.min(TICK_BYTES, (MIB << 20) - taken));
                    most = Math.max(most, Residence.kib(starling));
                }
                given.get();
                assertThat(to.getInputStream().read()).as("the end").isEqualTo(-1);
            }

            System.out.printf(
                    "slow tcp %s: %d MiB, resident %d KiB before and %d KiB at most: grown by %d KiB%n",
                    direction, MIB, before, most, most - before);
            String paused = direction == Direction.UP
                    ? "tcp.tcp.downstream_flow_control_paused_reading_total"
                    : "cluster.up.upstream_flow_control_paused_reading_total";
            assertThat(starling.stat(paused)).as("the reader is slow").isPositive();
            assertThat(most - before).as("KiB resident").isLessThan(GROWTH_KIB);
        }
    }

    /** Everything has been used once, both ways, so that what is loaded, compiled and pooled for good is there. */
    private static void warmUp(InetSocketAddress address, ServerSocket upstream) throws Exception {
        long bytes = 64 << 20;
        try (var client = new Socket(address.getAddress(), address.getPort());
                var server = upstream.accept()) {
            var up = CompletableFuture.runAsync(() -> give(client, bytes), Thread::startVirtualThread);
            var down = CompletableFuture.runAsync(() -> give(server, bytes), Thread::startVirtualThread);
            var taken = CompletableFuture.supplyAsync(() -> take(server, bytes), Thread::startVirtualThread);
            assertThat(take(client, bytes)).isEqualTo(bytes);
            assertThat(taken.get()).isEqualTo(bytes);
            CompletableFuture.allOf(up, down).get();
        }
    }

    private static void give(Socket socket, long bytes) {
        byte[] some = new byte[CHUNK_BYTES];
        Arrays.fill(some, (byte) 'x');
        try {
            for (long left = bytes; left > 0; left -= some.length) {
                socket.getOutputStream().write(some);
            }
            socket.shutdownOutput();
        } catch (IOException lost) {
            throw new AssertionError(lost);
        }
    }

    private static long take(Socket socket, long bytes) {
        try {
            return take(socket.getInputStream(), bytes);
        } catch (IOException lost) {
            throw new AssertionError(lost);
        }
    }

    private static long take(InputStream in, long bytes) throws IOException {
        in.skipNBytes(bytes);
        return bytes;
    }
}
