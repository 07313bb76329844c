package dev.starling.tests.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on a free port of loopback that does as it is told with each connection. */
final class WireServer implements AutoCloseable {

    private final ServerSocket server;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /** What is done with one connection. */
    @FunctionalInterface
    interface Script {
        void serve(Wire wire) throws IOException, InterruptedException;
    }

    WireServer(Script script) throws IOException {
        this(0, script);
    }

    WireServer(int port, Script script) throws IOException {
        this.script = script;
        this.server = new ServerSocket(port, 128, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Answers every request with this. */
    static WireServer answering(String response) throws IOException {
        return new WireServer(wire -> {
            while (!wire.head().isEmpty()) {
                wire.send(response);
            }
        });
    }

    int port() {
        return ((InetSocketAddress) server.getLocalSocketAddress()).getPort();
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
        try (Wire wire = new Wire(socket)) {
            script.serve(wire);
        } catch (IOException | InterruptedException gone) {
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
}
