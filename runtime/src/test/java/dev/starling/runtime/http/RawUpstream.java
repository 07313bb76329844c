package dev.starling.runtime.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A server on a free port of loopback that does what a test tells it with each connection, one thread a connection. */
public final class RawUpstream implements AutoCloseable {

    private final ServerSocket server;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    /** What is done with one connection. */
    @FunctionalInterface
    public interface Script {
        void serve(Connection connection) throws IOException;
    }

    public RawUpstream(Script script) throws IOException {
        this.script = script;
        this.server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Answers every request of every connection with this response. */
    public static RawUpstream answering(String response) throws IOException {
        return new RawUpstream(connection -> {
            while (connection.readHead() != null) {
                connection.write(response);
            }
        });
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** The heads received so far, on all connections. */
    public List<String> requests() {
        return requests;
    }

    public int connections() {
        return sockets.size();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.serve(new Connection(socket));
        } catch (IOException gone) {
            // the proxy has closed the connection; what that means is for the test to judge
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** A connection as a script sees it. */
    public final class Connection {

        private final Socket socket;
        private final InputStream in;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        /** The head of the next request, or null at the end of the connection. */
        public @Nullable String readHead() throws IOException {
            StringBuilder head = new StringBuilder();
            for (int b = in.read(); b >= 0; b = in.read()) {
                head.append((char) b);
                if (head.length() >= 4 && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
                    requests.add(head.toString());
                    return head.toString();
                }
            }
            return null;
        }

        /** What comes up to the end of this text, or of the connection. */
        public String readUntil(String end) throws IOException {
            StringBuilder read = new StringBuilder();
            for (int b = in.read(); b >= 0; b = in.read()) {
                read.append((char) b);
                if (read.indexOf(end, Math.max(0, read.length() - end.length())) >= 0) {
                    break;
                }
            }
            return read.toString();
        }

        public String read(int length) throws IOException {
            return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        }

        public void write(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void close() throws IOException {
            socket.close();
        }

        public void halfClose() throws IOException {
            socket.shutdownOutput();
        }

        /** Closes with a reset. */
        public void abort() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
