package dev.starling.runtime.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ProxyFixtureTest {

    @Test
    void carriesARequestToAnEndpointAndItsAnswerBack() throws Exception {
        try (var upstream = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var proxy = ProxyFixture.start()) {
            CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> answerOne(upstream));
            proxy.publish("one", (InetSocketAddress) upstream.getLocalSocketAddress());
            InetSocketAddress address = proxy.listen(HttpFixture.to("one"));

            try (var client = new Socket(address.getAddress(), address.getPort())) {
                client.getOutputStream().write(bytes("GET /path HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"));
                assertThat(text(client.getInputStream()))
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .endsWith("hello");
            }

            assertThat(seen.join()).startsWith("GET /path HTTP/1.1\r\n");
            proxy.eventually("one request", () -> proxy.counter("http.http.downstream_rq_total") == 1);
            assertThat(proxy.counter("cluster.one.upstream_cx_total")).isEqualTo(1);
        }
    }

    private static String answerOne(ServerSocket upstream) {
        try (var connection = upstream.accept()) {
            byte[] head = new byte[1024];
            int length = connection.getInputStream().read(head);
            connection.getOutputStream().write(bytes("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"));
            return new String(head, 0, length, StandardCharsets.US_ASCII);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
