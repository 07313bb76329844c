package dev.starling.tests.envoy;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on a port of loopback, with a thread for each connection. */
final class SocketServer implements Closeable {

    private static final int BACKLOG = 64;

    private final ServerSocket server;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final Serving serving;

    /** What is done with one connection, which ends with it. */
    interface Serving {
        void serve(Socket socket) throws IOException;
    }

    SocketServer(Serving serving) throws IOException {
        this(0, serving);
    }

    /** On that port, or a free one if it is 0. */
    SocketServer(int port, Serving serving) throws IOException {
        this.serving = serving;
        this.server = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            serving.serve(socket);
        } catch (IOException gone) {
            // the proxy closed
        }
    }

    /** Ends all connections. */
    void drop() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    /** Takes no further connections; those that are open stay. */
    void refuse() throws IOException {
        server.close();
    }

    @Override
    public void close() throws IOException {
        refuse();
        drop();
    }
}
