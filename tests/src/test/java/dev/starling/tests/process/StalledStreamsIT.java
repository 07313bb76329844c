package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A hundred responses on two HTTP/2 connections of clients, of which one or fifty stand still: what the proxy holds of them
 * is bounded, the others go on as fast as if they were alone, and none has lost a byte when it goes on. Over HTTP/1.1
 * upstream connections, and over one of HTTP/2 that all share. Bodies of 4 MiB;
 * {@code -Dstarling.stalled-streams.mib=100} for larger ones, which also judges the speed.
 */
@Timeout(600)
class StalledStreamsIT {

    private static final int STREAMS = 100;
    private static final int CONNECTIONS = 2;

    /** Streams of the run that makes the code hot. */
    private static final int WARMING = 20;

    private static final long BODY_BYTES = Long.getLong("starling.stalled-streams.mib", 4) << 20;
    private static final boolean LONG_ENOUGH_TO_TELL_SPEEDS = BODY_BYTES >= 50 << 20;

    /** What a client gives its streams, which a stalled one does not give again. */
    private static final int CLIENT_WINDOW = 256 << 10;

    /** What we may hold of a stream: its window towards the upstream, and what waits for its client. */
    private static final long STREAM_LIMIT = (256 << 10) + (64 << 10);

    /** What a run needs beside streams: code that is compiled, buffers of sockets, pools that have grown. */
    private static final long SLACK_KIB = 24 << 10;

    private static final List<String> SMALL =
            List.of("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=64m");

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} stalled, upstream HTTP/2: {1}")
    @CsvSource({"1, false", "50, false", "1, true", "50, true"})
    void holdsLittleOfStalledStreamsAndKeepsTheOthersGoing(int stalled, boolean http2) throws Exception {
        try (var upstream = new StreamingUpstream(http2, BODY_BYTES);
                var starling = StarlingProcess.serve(folder, SMALL, bootstrap(upstream.port(), http2))) {
            InetSocketAddress address = starling.listener("in");
            run(address, WARMING, 0).end();
            Run alone = run(address, STREAMS - stalled, 0);
            alone.end();
            long before = Residence.kib(starling);
            long givenBefore = upstream.given();

            Run run = run(address, STREAMS, stalled);
            long grown = Residence.kib(starling) - before;
            long held = upstream.given() - givenBefore - run.received();
            double speed = (double) alone.nanos / run.nanos;

            System.out.printf(
                    "stalled streams: %d of %d, %d MiB each, %s: %d KiB given and not received, grown by %d KiB,"
                            + " the others at %.2f of their speed%n",
                    stalled,
                    STREAMS,
                    BODY_BYTES >> 20,
                    http2 ? "HTTP/2 to HTTP/2" : "HTTP/2 to HTTP/1.1",
                    held >> 10,
                    grown,
                    speed);
            assertThat(grown).as("KiB resident").isLessThan(((stalled * STREAM_LIMIT) >> 10) + SLACK_KIB);
            if (http2) { // else the kernel's buffers of the upstream connections count as well
                assertThat(held).as("bytes held").isLessThanOrEqualTo(stalled * STREAM_LIMIT);
                assertThat(upstream.connections()).isEqualTo(1);
            }
            if (LONG_ENOUGH_TO_TELL_SPEEDS) {
                assertThat(speed).as("speed of the others").isGreaterThanOrEqualTo(0.9);
            }
            run.resume();
            run.end();
            assertThat(run.received()).isEqualTo(STREAMS * BODY_BYTES);
            assertThat(starling.stat("cluster.up.upstream_rq_active")).isZero();
        }
    }

    private static String bootstrap(int port, boolean http2) {
        String bootstrap = Bootstraps.http("timeout: 0s", port);
        return http2
                ? bootstrap.replace("  - name: up\n", "  - name: up\n    http2_protocol_options: {}\n")
                : bootstrap;
    }

    /** Runs until all streams that do not stall have ended. */
    private static Run run(InetSocketAddress address, int streams, int stalled) throws Exception {
        Run run = new Run();
        long start = System.nanoTime();
        for (int i = 0; i < CONNECTIONS; i++) {
            int mine = streams / CONNECTIONS + (i < streams % CONNECTIONS ? 1 : 0);
            int mineStalled = stalled / CONNECTIONS + (i < stalled % CONNECTIONS ? 1 : 0);
            run.clients.add(new Client(address, mine, mineStalled));
        }
        for (Client client : run.clients) {
            client.await(client.live);
        }
        run.nanos = System.nanoTime() - start;
        return run;
    }

    /** Streams on all connections, and how long those that did not stall took. */
    private static final class Run {

        private final List<Client> clients = new ArrayList<>();
        private long nanos;

        long received() {
            return clients.stream().mapToLong(client -> client.received.get()).sum();
        }

        void resume() throws IOException {
            for (Client client : clients) {
                client.resume();
            }
        }

        /** Waits for all streams and closes the connections. */
        void end() throws Exception {
            for (Client client : clients) {
                client.await(client.all);
                client.socket.close();
            }
        }
    }

    /** A connection of a client; the first of its streams stall. */
    private static final class Client {

        private final Socket socket;
        private final OutputStream out;
        private final int stalled;
        private final AtomicLong received = new AtomicLong();
        private final CountDownLatch live;
        private final CountDownLatch all;
        private volatile boolean resumed;

        Client(InetSocketAddress address, int streams, int stalled) throws IOException {
            this.socket = new Socket(address.getAddress(), address.getPort());
            this.out = socket.getOutputStream();
            this.stalled = stalled;
            this.live = new CountDownLatch(streams - stalled);
            this.all = new CountDownLatch(streams);
            ByteArrayOutputStream first = new ByteArrayOutputStream();
            first.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            first.writeBytes(frame(
                    4,
                    0,
                    0,
                    ByteBuffer.allocate(6)
                            .putShort((short) 4)
                            .putInt(CLIENT_WINDOW)
                            .array()));
            first.writeBytes(windowUpdate(0, 1 << 30));
            for (int i = 0; i < streams; i++) {
                // :method GET, :scheme http, :path /, :authority test
                byte[] head = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x01, 4, 't', 'e', 's', 't'};
                first.writeBytes(frame(1, 5, 1 + 2 * i, head));
            }
            out.write(first.toByteArray());
            Thread.ofPlatform().daemon().start(this::read);
        }

        private boolean stalls(int stream) {
            return stream <= 2 * stalled && !resumed;
        }

        private void read() {
            try (var in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16))) {
                int[] owed = new int[2 * STREAMS];
                int owedAll = 0;
                while (true) {
                    int lengthAndType = in.readInt();
                    int flags = in.readByte();
                    int stream = in.readInt();
                    int length = lengthAndType >>> 8;
                    in.skipNBytes(length);
                    int type = lengthAndType & 0xff;
                    if (type == 4 && flags == 0) {
                        write(frame(4, 1, 0, new byte[0]));
                    } else if (type == 0) {
                        received.addAndGet(length);
                        owed[stream] += length;
                        owedAll += length;
                        if (owed[stream] > CLIENT_WINDOW / 2 && !stalls(stream)) {
                            write(windowUpdate(stream, owed[stream]));
                            owed[stream] = 0;
                        }
                        if (owedAll > 1 << 24) {
                            write(windowUpdate(0, owedAll));
                            owedAll = 0;
                        }
                        if ((flags & 1) != 0) {
                            all.countDown();
                            if (!stalls(stream)) {
                                live.countDown();
                            }
                        }
                    }
                }
            } catch (IOException closed) {
                // the run is over
            }
        }

        private synchronized void write(byte[] frame) throws IOException {
            out.write(frame);
        }

        void resume() throws IOException {
            resumed = true;
            for (int i = 0; i < stalled; i++) {
                write(windowUpdate(1 + 2 * i, CLIENT_WINDOW));
            }
        }

        void await(CountDownLatch latch) throws InterruptedException {
            assertThat(latch.await(300, TimeUnit.SECONDS))
                    .as("streams have ended")
                    .isTrue();
        }

        private static byte[] windowUpdate(int stream, int more) {
            return frame(8, 0, stream, ByteBuffer.allocate(4).putInt(more).array());
        }

        private static byte[] frame(int type, int flags, int stream, byte[] payload) {
            return ByteBuffer.allocate(9 + payload.length)
                    .putInt(payload.length << 8 | type)
                    .put((byte) flags)
                    .putInt(stream)
                    .put(payload)
                    .array();
        }
    }
}
