package dev.starling.runtime.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;

/** One end of a WebSocket's tunnel, spoken to in the words of its HTTP version. */
interface TunnelEnd {

    void send(String text) throws IOException;

    /** Sends until so many bytes are sent, on a thread of its own. */
    default void keepSending(String chunk, int bytes, Consumer<IOException> failed) {
        Thread.ofVirtual().start(() -> {
            try {
                for (int sent = 0; sent < bytes; sent += chunk.length()) {
                    send(chunk);
                }
            } catch (IOException gone) {
                failed.accept(gone);
            }
        });
    }

    String read(int length) throws IOException;

    /** Says that it will send no more. */
    void end() throws IOException;

    void reset() throws IOException;

    /** Waits for how the other side ends: {@code end}, {@code reset 8}. */
    String ending() throws IOException;

    /** A client of HTTP/1.1, that has asked. */
    record OldClient(RawClient client) implements TunnelEnd {

        @Override
        public void send(String text) throws IOException {
            client.send(text);
        }

        @Override
        public String read(int length) throws IOException {
            return client.read(length);
        }

        @Override
        public void end() throws IOException {
            client.halfClose();
        }

        @Override
        public void reset() throws IOException {
            client.abort();
        }

        @Override
        public String ending() throws IOException {
            return client.rest().isEmpty() ? "end" : "more";
        }
    }

    /** A client of HTTP/2, that has asked on its first stream. */
    record NewClient(Http2Client client) implements TunnelEnd {

        static final int STREAM = 1;

        @Override
        public void send(String text) throws IOException {
            client.data(STREAM, text, false);
        }

        @Override
        public String read(int length) throws IOException {
            StringBuilder text = client.answer(STREAM).text;
            while (text.length() < length) {
                client.readFrame();
            }
            String read = text.substring(0, length);
            text.delete(0, length);
            return read;
        }

        @Override
        public void end() throws IOException {
            client.data(STREAM, "", true);
        }

        @Override
        public void reset() throws IOException {
            client.number(Http2Client.RST_STREAM, STREAM, 8);
        }

        @Override
        public String ending() throws IOException {
            long reset = client.ended(STREAM).reset;
            return reset < 0 ? "end" : "reset " + reset;
        }
    }

    /** An endpoint of HTTP/1.1, that has been asked. */
    record OldServer(RawUpstream.Connection connection) implements TunnelEnd {

        @Override
        public void send(String text) throws IOException {
            connection.write(text);
        }

        @Override
        public String read(int length) throws IOException {
            return connection.read(length);
        }

        @Override
        public void end() throws IOException {
            connection.halfClose();
        }

        @Override
        public void reset() throws IOException {
            connection.abort();
        }

        @Override
        public String ending() throws IOException {
            return connection.read(1).isEmpty() ? "end" : "more";
        }
    }

    /** An endpoint of HTTP/2, that has been asked on this stream. */
    record NewServer(Http2Peer peer, int stream) implements TunnelEnd {

        @Override
        public void send(String text) throws IOException {
            peer.data(stream, text, false);
        }

        /** In frames of its own, as the proxy passes on what it gets. */
        @Override
        public String read(int length) throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.length() < length) {
                byte[] payload =
                        Objects.requireNonNull(peer.next(Http2Peer.DATA)).payload();
                text.append(new String(payload, StandardCharsets.ISO_8859_1));
            }
            return text.toString();
        }

        @Override
        public void end() throws IOException {
            peer.data(stream, "", true);
        }

        @Override
        public void reset() throws IOException {
            peer.reset(stream, 8);
        }

        @Override
        public String ending() throws IOException {
            for (Http2Peer.Frame frame = peer.next(); frame != null; frame = peer.next()) {
                if (frame.type() == Http2Peer.RST_STREAM) {
                    return "reset " + frame.number();
                }
                if (frame.type() == Http2Peer.DATA && frame.ends()) {
                    return "end";
                }
            }
            return "gone";
        }
    }
}
