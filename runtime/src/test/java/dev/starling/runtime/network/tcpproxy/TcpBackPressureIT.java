package dev.starling.runtime.network.tcpproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpBackPressureIT {

    private static final int CHUNK = 64 * 1024;
    private static final int CHUNKS = 1024;

    /** What a connection may hold, and what the allocator sets aside for it. */
    private static final long BOUND_BYTES = 4 * 1024 * 1024;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void holdsLittleOfWhatASlowReaderLeavesUnread(boolean up) throws Exception {
        try (var scene = new TcpScene()) {
            Socket client = scene.client(scene.passAll());
            Socket server = scene.accept();
            Socket from = up ? client : server;
            Socket to = up ? server : client;
            long before = directBytes();
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> sendPattern(from));
            String scope = up ? "tcp.test.downstream_flow_control_" : "cluster.one.upstream_flow_control_";
            scene.proxy.eventually(
                    "paused",
                    () -> scene.proxy.counter(scope + "paused_reading_total") > 0
                            && scene.proxy.counter(scope + "paused_reading_total")
                                    > scene.proxy.counter(scope + "resumed_reading_total"));
            assertThat(sent).isNotDone();

            assertThat(directBytes() - before).isLessThan(BOUND_BYTES);
            checkPattern(to.getInputStream());
            sent.get(1, TimeUnit.MINUTES);
            assertThat(directBytes() - before).isLessThan(BOUND_BYTES);
            assertThat(scene.proxy.counter(scope + "resumed_reading_total"))
                    .isEqualTo(scene.proxy.counter(scope + "paused_reading_total"));
        }
    }

    private static long directBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    private static void sendPattern(Socket socket) {
        try {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < CHUNKS; i++) {
                out.write(chunk(i));
            }
            socket.shutdownOutput();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void checkPattern(InputStream in) throws IOException {
        for (int i = 0; i < CHUNKS; i++) {
            assertThat(in.readNBytes(CHUNK)).as("chunk " + i).isEqualTo(chunk(i));
        }
        assertThat(in.read()).isEqualTo(-1);
    }

    /** Differs from chunk to chunk and within one. */
    private static byte[] chunk(int number) {
        byte[] bytes = new byte[CHUNK];
        for (int i = 0; i < CHUNK; i++) {
            bytes[i] = (byte) (number * 31 + i * 7 + (i >> 8));
        }
        return bytes;
    }
}
