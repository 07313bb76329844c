package dev.starling.runtime.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** An endpoint that neither accepts nor refuses: its backlog is full, so the kernel drops whoever knocks. */
public final class HangingEndpoint implements AutoCloseable {

    private static final int FILL = 8;

    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final List<SocketChannel> waiting = new ArrayList<>();

    public HangingEndpoint() throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        for (int i = 0; i < FILL; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(address());
            waiting.add(channel);
        }
    }

    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) server.getLocalAddress();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : waiting) {
            channel.close();
        }
        server.close();
    }
}
