package dev.starling.launcher.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A small HTTP/1.1 server on loopback: it takes what a proxy writes, a thread for each connection, and costs little to start. */
final class UpstreamServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamServer.class);

    private final ServerSocket socket;
    private final Handler handler;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    /** Answers calls. */
    @FunctionalInterface
    interface Handler {
        /** Whether the connection can take another one. */
        boolean answer(Call call) throws IOException;
    }

    private UpstreamServer(ServerSocket socket, Handler handler) {
        this.socket = socket;
        this.handler = handler;
    }

    static UpstreamServer start(String name, Handler handler) throws IOException {
        var server = new UpstreamServer(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()), handler);
        Thread.ofPlatform().daemon().name(name).start(server::accept);
        return server;
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException closed) {
                LOG.debug("accepts no more", closed);
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            var in = new BufferedInputStream(connection.getInputStream());
            var out = connection.getOutputStream();
            Call call = Call.next(in, out);
            while (call != null && handler.answer(call)) {
                call = Call.next(in, out);
            }
        } catch (IOException gone) {
            LOG.debug("a connection ended", gone);
        } finally {
            connections.remove(connection);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
