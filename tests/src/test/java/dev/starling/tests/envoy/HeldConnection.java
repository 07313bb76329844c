package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** A connection to a listener that stays open, over which a text is said and as many bytes are heard. */
final class HeldConnection implements AutoCloseable {

    private final Socket socket;

    HeldConnection(ProxyProcess proxy, String listener) throws IOException {
        InetSocketAddress address = proxy.listener(listener);
        this.socket = new Socket(address.getAddress(), address.getPort());
    }

    /** What comes back: as many bytes, fewer if the connection ends, and whether it has. */
    String say(String text) throws IOException {
        return say(text, text.length());
    }

    String say(String text, int answer) throws IOException {
        try {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
            byte[] heard = socket.getInputStream().readNBytes(answer);
            return new String(heard, ISO_8859_1) + (heard.length < answer ? " closed" : "");
        } catch (SocketException _) {
            return " closed";
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
