package dev.starling.launcher.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisitorIT {

    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void readsWhatComesAfterAnInterimAnswer() throws IOException {
        answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nrobin rest");

        try (var visitor = visitor()) {
            assertThat(visitor.get("/")).isEqualTo("robin");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anErrorIsNoAnswer(boolean last) throws IOException {
        answer("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");

        try (var visitor = visitor()) {
            assertThatThrownBy(() -> {
                        if (last) {
                            visitor.last("GET / HTTP/1.1\r\nHost: admin\r\n\r\n");
                        } else {
                            visitor.get("/");
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("503");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-", "content-length: 5\r\n\r\nrob"})
    void norIsAHalfOne(String half) throws IOException {
        answer("HTTP/1.1 200 OK\r\n" + half);

        try (var visitor = visitor()) {
            assertThatThrownBy(() -> visitor.get("/"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("middle of an answer");
        }
    }

    private Visitor visitor() throws IOException {
        return new Visitor(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
    }

    /** And closes the connection. */
    private void answer(String bytes) {
        Thread.ofVirtual().start(() -> {
            try (var connection = server.accept()) {
                connection.getInputStream().read(new byte[1024]);
                connection.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
