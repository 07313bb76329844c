package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What clients say on a connection, and what they got until it ended or nothing more came. */
final class ClientTalk {

    private ClientTalk() {}

    /** What a client of HTTP/2 says. */
    interface Says {
        void say(Http2Wire wire) throws IOException;
    }

    static String http1(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return http1(socket);
    }

    /** All that comes, the header lines of each head in order of names. */
    static String http1(Socket socket) throws IOException {
        StringBuilder got = new StringBuilder();
        try {
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                got.append((char) b);
            }
            return sorted(got + "<end>");
        } catch (SocketTimeoutException open) {
            return sorted(got + "<open>");
        } catch (SocketException reset) {
            return sorted(got + "<reset>");
        }
    }

    /** With the header lines of each head in order of names. */
    static String sorted(String messages) {
        return Stream.of(messages.split("\r\n\r\n", -1))
                .map(part -> part.startsWith("HTTP/1") ? part.lines().sorted().collect(Collectors.joining("\n")) : part)
                .collect(Collectors.joining("\n\n"));
    }

    /** The head of a request, whose lines behind the first are in order of names. */
    static String sortedHead(String head) {
        int first = head.indexOf("\r\n");
        return head.substring(0, first) + '\n'
                + head.substring(first).strip().lines().sorted().collect(Collectors.joining("\n")) + "\n\n";
    }

    /** All that comes. */
    static String http2(Socket socket, Says says) throws IOException {
        return http2(socket, says, Integer.MAX_VALUE);
    }

    /** What comes until so many streams are over. */
    static String http2(Socket socket, Says says, int streams) throws IOException {
        int over = 0;
        Http2Wire wire = new Http2Wire(socket);
        StringBuilder got = new StringBuilder();
        wire.begin();
        try {
            says.say(wire);
            for (Optional<Http2Wire.Frame> next = wire.next(); next.isPresent(); next = wire.next()) {
                Http2Wire.Frame frame = next.get();
                over += frame.ends() || frame.type() == Http2Peer.RST_STREAM ? 1 : 0;
                switch (frame.type()) {
                    case Http2Peer.HEADERS, Http2Peer.DATA ->
                        got.append(frame.ends())
                                .append(' ')
                                .append(frame.text())
                                .append('\n');
                    case Http2Peer.RST_STREAM ->
                        got.append("reset ").append(frame.number()).append('\n');
                    default -> {}
                }
                if (over == streams) {
                    return got.toString();
                }
            }
            return got + "<end>";
        } catch (SocketTimeoutException open) {
            return got + "<open>";
        }
    }
}
