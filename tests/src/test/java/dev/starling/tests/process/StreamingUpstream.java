package dev.starling.tests.process;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Answers every request with a body of the same length, over HTTP/1.1 or HTTP/2, as fast as it is taken. */
final class StreamingUpstream implements AutoCloseable {

    private static final int FRAME_BYTES = 16384;
    private static final int DEFAULT_WINDOW = 65535;

    private final ServerSocket server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final boolean http2;
    private final long bodyBytes;
    private final AtomicLong given = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();

    StreamingUpstream(boolean http2, long bodyBytes) throws IOException {
        this.http2 = http2;
        this.bodyBytes = bodyBytes;
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Body bytes written so far. */
    long given() {
        return given.get();
    }

    long connections() {
        return connections.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            if (http2) {
                new Streams(socket).read();
            } else {
                serveHttp1(socket);
            }
        } catch (IOException | InterruptedException gone) {
            // the proxy has closed the connection
        }
    }

    private void serveHttp1(Socket socket) throws IOException {
        byte[] some = new byte[FRAME_BYTES];
        while (!Wire.head(socket.getInputStream()).isEmpty()) {
            OutputStream out = socket.getOutputStream();
            out.write(("HTTP/1.1 200 OK\r\ncontent-length: " + bodyBytes + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (long left = bodyBytes; left > 0; left -= some.length) {
                out.write(some);
                given.addAndGet(some.length);
            }
        }
    }

    /** One connection of HTTP/2: a frame of each stream in turn, where the windows allow. */
    private final class Streams {

        private final DataInputStream in;
        private final OutputStream out;
        private final Map<Integer, Stream> streams = new HashMap<>();
        private final ArrayDeque<Stream> ready = new ArrayDeque<>();
        private long window = DEFAULT_WINDOW;
        private long streamWindow = DEFAULT_WINDOW;

        Streams(Socket socket) throws IOException {
            in = new DataInputStream(socket.getInputStream());
            out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
        }

        private static final class Stream {
            final int id;
            long left;
            long window;
            boolean listed;

            Stream(int id, long left, long window) {
                this.id = id;
                this.left = left;
                this.window = window;
            }
        }

        void read() throws IOException, InterruptedException {
            in.readNBytes(24);
            synchronized (this) {
                frame(4, 0, 0, new byte[0], 0);
                out.flush();
            }
            Thread writer = Thread.ofPlatform().daemon().start(this::write);
            try {
                while (true) {
                    int lengthAndType = in.readInt();
                    int flags = in.readByte();
                    int id = in.readInt();
                    byte[] payload = in.readNBytes(lengthAndType >>> 8);
                    frame(lengthAndType & 0xff, flags, id, payload);
                }
            } finally {
                writer.interrupt();
                writer.join();
            }
        }

        private synchronized void frame(int type, int flags, int id, byte[] payload) throws IOException {
            switch (type) {
                case 1 -> {
                    Stream stream = new Stream(id, bodyBytes, streamWindow);
                    streams.put(id, stream);
                    frame(1, 4, id, new byte[] {(byte) 0x88}, 1); // :status 200
                    list(stream);
                }
                case 4 -> {
                    for (ByteBuffer all = ByteBuffer.wrap(payload); all.remaining() >= 6; ) {
                        int setting = all.getShort();
                        int value = all.getInt();
                        streamWindow = setting == 4 ? value : streamWindow;
                    }
                    if (flags == 0) {
                        frame(4, 1, 0, payload, 0);
                        out.flush();
                    }
                }
                case 6 -> frame(6, 1, 0, payload, 8);
                case 8 -> {
                    int more = ByteBuffer.wrap(payload).getInt();
                    Stream stream = streams.get(id);
                    if (id == 0) {
                        window += more;
                    } else if (stream != null) {
                        stream.window += more;
                        list(stream);
                    }
                }
                default -> {}
            }
            notifyAll();
        }

        private void list(Stream stream) {
            if (!stream.listed && stream.window > 0 && stream.left > 0) {
                stream.listed = true;
                ready.add(stream);
            }
        }

        private void frame(int type, int flags, int id, byte[] payload, int length) throws IOException {
            ByteBuffer head = ByteBuffer.allocate(9);
            head.putInt(length << 8 | type).put((byte) flags).putInt(id);
            out.write(head.array());
            out.write(payload, 0, length);
        }

        private synchronized void write() {
            byte[] some = new byte[FRAME_BYTES];
            try {
                while (true) {
                    while (ready.isEmpty() || window <= 0) {
                        out.flush();
                        wait();
                    }
                    Stream stream = ready.remove();
                    int length = (int) Math.min(Math.min(FRAME_BYTES, stream.left), Math.min(stream.window, window));
                    stream.left -= length;
                    stream.window -= length;
                    window -= length;
                    given.addAndGet(length);
                    frame(0, stream.left == 0 ? 1 : 0, stream.id, some, length);
                    stream.listed = false;
                    list(stream);
                }
            } catch (IOException | InterruptedException over) {
                // the connection has ended
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
