package dev.starling.tests.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server of RFC 6455 that sends each frame back as it is, a ping as a pong, and closes with 1002 what it may not be sent.
 * What is posted to it, it keeps.
 */
final class WebSocketEcho implements AutoCloseable {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int PING = 9;
    private static final int PONG = 10;

    private final BlockingQueue<String> posted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> ends = new LinkedBlockingQueue<>();
    private final WireServer server = new WireServer(this::serve);

    WebSocketEcho() throws IOException {}

    int port() {
        return server.port();
    }

    BlockingQueue<String> posted() {
        return posted;
    }

    /** After how many frames each connection ended. */
    BlockingQueue<Integer> ends() {
        return ends;
    }

    /** What a server must answer to a key (RFC 6455 4.2.2). */
    static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void serve(Wire wire) throws IOException {
        String head = wire.head();
        String key = header(head, "sec-websocket-key");
        if (head.startsWith("POST ")) {
            int length = Integer.parseInt(header(head, "content-length"));
            posted.add(new String(wire.read(length), StandardCharsets.UTF_8));
            wire.send("HTTP/1.1 204 No Content\r\n\r\n");
        } else if (!header(head, "upgrade").equalsIgnoreCase("websocket")) {
            wire.send("HTTP/1.1 426 Upgrade Required\r\nupgrade: websocket\r\ncontent-length: 0\r\n\r\n");
        } else if (!header(head, "sec-websocket-version").equals("13")) {
            wire.send("HTTP/1.1 426 Upgrade Required\r\nsec-websocket-version: 13\r\ncontent-length: 0\r\n\r\n");
        } else if (key.isEmpty()) {
            wire.send("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        } else {
            String protocol = header(head, "sec-websocket-protocol");
            wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + (protocol.isEmpty()
                            ? ""
                            : "Sec-WebSocket-Protocol: " + protocol.split(",", 2)[0].strip() + "\r\n")
                    + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n");
            echo(wire);
        }
    }

    private void echo(Wire wire) throws IOException {
        int frames = 0;
        try {
            WebSocketFrame frame = WebSocketFrame.read(wire.in());
            while (frame != null) {
                frames++;
                if (frame.forbidden()) {
                    wire.send(WebSocketFrame.parse("close:1002").wire(false));
                    return;
                }
                boolean ping = frame.opcode() == PING;
                wire.send((ping ? new WebSocketFrame(frame.head() - PING + PONG, frame.payload()) : frame).wire(false));
                if (frame.closes()) {
                    return;
                }
                frame = WebSocketFrame.read(wire.in());
            }
        } finally {
            ends.add(frames); // a client that has gone without reading the echo ends it with a reset
        }
    }

    private static String header(String head, String name) {
        Matcher matcher = Pattern.compile("\r\n" + name + ":\\s*(.*?)\\s*\r\n", Pattern.CASE_INSENSITIVE)
                .matcher(head.toLowerCase(Locale.ROOT).contains(name) ? head : "");
        return matcher.find() ? matcher.group(1) : "";
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
