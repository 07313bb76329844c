package dev.starling.runtime.http.filter.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.GrpcHttp1BridgeConfig;
import dev.starling.config.http.GrpcHttp1ReverseBridgeConfig;
import dev.starling.runtime.http.RawClient;
import dev.starling.runtime.http.RawUpstream;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What cannot be held beside Envoy byte by byte: bodies that come in parts, or are too much. */
@Timeout(30)
class GrpcFiltersTest {

    private static final String TEXT_REQUEST =
            "POST /S/M HTTP/1.1\r\nhost: test\r\ncontent-type: application/grpc-web-text\r\n"
                    + "accept: application/grpc-web-text\r\ntransfer-encoding: chunked\r\n\r\n";

    private ProxyFixture proxy;

    @BeforeEach
    void start() {
        proxy = ProxyFixture.start();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private InetSocketAddress listen(HttpFilter.Maker filter) {
        return proxy.listen(HttpFixture.connectionManager(
                HttpFixture.settingsWithTrailers(HttpFixture.routes(HttpFixture.route("/", "up"))), filter));
    }

    @Test
    void decodesTextThatComesInParts() throws IOException {
        StringBuilder received = new StringBuilder();
        try (RawUpstream upstream = new RawUpstream(connection -> {
            connection.readHead();
            received.append(connection.readUntil("0\r\n\r\n"));
            connection.write(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\ncontent-length: 6\r\n\r\n\0\0\0\0\1x");
        })) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(listen(GrpcWebFilter::new))) {
                client.send(TEXT_REQUEST + "1\r\nA\r\n").send("2\r\nAA\r\n").send("3\r\nAAA\r\n");
                client.send("6\r\nVoZWxs\r\n4\r\nbw==\r\n0\r\n\r\n");
                assertThat(client.readUntil("0\r\n\r\n"))
                        .contains("content-type: application/grpc-web-text+proto")
                        .contains("AAAAAAF4");
                assertThat(received.toString().replaceAll("\r\n[0-9a-f]+\r\n|^[0-9a-f]+\r\n", ""))
                        .startsWith("\0\0\0\0\5hello");
            }
        }
    }

    @Test
    void answersTextThatBreaksOff() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> connection.readHead())) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(listen(GrpcWebFilter::new))) {
                client.send(TEXT_REQUEST + "4\r\nAAAA\r\n").send("1\r\nA\r\n0\r\nx-t: 1\r\n\r\n");
                assertThat(client.head())
                        .startsWith("HTTP/1.1 400 ")
                        .contains("grpc-status: 13\r\n", "grpc-message: Bad gRPC-web request, invalid base64 data.");
            }
        }
    }

    @Test
    void refusesABareMessageThatIsTooLargeToFrame() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> {
            connection.readHead();
            connection.readHead(); // never comes: the proxy gives the request up
        })) {
            proxy.publish("up", upstream.address());
            var config = new GrpcHttp1BridgeConfig(true, false);
            try (RawClient client = new RawClient(listen(exchange -> new GrpcHttp1BridgeFilter(exchange, config)))) {
                client.send("POST /S/M HTTP/1.1\r\nhost: test\r\ncontent-type: application/x-protobuf\r\n"
                        + "content-length: 3000000\r\n\r\n");
                String part = "x".repeat(100_000);
                for (int i = 0; i < 11; i++) {
                    client.send(part);
                }
                assertThat(client.head()).startsWith("HTTP/1.1 413 ");
            }
        }
    }

    private static HttpFilter.Maker reverseBridge() {
        var config = new GrpcHttp1ReverseBridgeConfig("application/x-protobuf", true, "");
        return exchange -> new GrpcHttp1ReverseBridgeFilter(exchange, config);
    }

    private static String called(String framing) {
        return "POST /S/M HTTP/1.1\r\nhost: test\r\ncontent-type: application/grpc\r\n" + framing + "\r\n\r\n";
    }

    @Test
    void withholdsAFrameThatComesInParts() throws IOException {
        StringBuilder received = new StringBuilder();
        try (RawUpstream upstream = new RawUpstream(connection -> {
            connection.readHead();
            received.append(connection.readUntil("0\r\n\r\n"));
            connection.write(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ntransfer-encoding: chunked\r\n\r\n"
                            + "2\r\nfo\r\n");
            connection.write("3\r\nund\r\n0\r\n\r\n");
        })) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(listen(reverseBridge()))) {
                client.send(called("transfer-encoding: chunked") + "2\r\n\0\0\r\n")
                        .send("2\r\n\0\0\r\n");
                client.send("3\r\n\5he\r\n").send("3\r\nllo\r\n0\r\n\r\n");
                assertThat(client.readUntil("grpc-status: 0\r\n\r\n")).contains("\0\0\0\0\5found");
                assertThat(received.toString().replaceAll("(^|\r\n)[0-9a-f]\r\n", ""))
                        .isEqualTo("hello\r\n");
            }
        }
    }

    @Test
    void refusesABodyThatIsTooShortForAFrame() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> connection.readHead())) {
            proxy.publish("up", upstream.address());
            InetSocketAddress address = listen(reverseBridge());
            for (String request : new String[] {
                called("content-length: 3") + "abc", called("transfer-encoding: chunked") + "3\r\nabc\r\n0\r\n\r\n"
            }) {
                try (RawClient client = new RawClient(address)) {
                    assertThat(client.send(request).head())
                            .startsWith("HTTP/1.1 200 ")
                            .contains("grpc-status: 2\r\n", "grpc-message: invalid request body\r\n");
                }
            }
        }
    }

    @Test
    void refusesAResponseThatIsTooLargeToFrame() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> {
            connection.readHead();
            connection.write(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ntransfer-encoding: chunked\r\n\r\n");
            for (int i = 0; i < 30; i++) {
                connection.write("10000\r\n" + "x".repeat(0x10000) + "\r\n");
            }
        })) {
            proxy.publish("up", upstream.address());
            try (RawClient client = new RawClient(listen(reverseBridge()))) {
                client.send(called("content-length: 5") + "\0\0\0\0\0");
                assertThat(client.head()).startsWith("HTTP/1.1 200 ").contains("grpc-status: 13\r\n");
            }
        }
    }
}
