package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unix domain sockets of listeners and endpoints: the real Envoy and Starling forward, log and make the same. */
@Timeout(120)
class UnixSocketsSameAsEnvoyIT extends Comparison<ServerSocketChannel> {

    private static final String ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    UnixSocketsSameAsEnvoyIT() {
        super("unix-bootstrap.yaml");
    }

    @Override
    ServerSocketChannel openUpstream() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(folder.resolve("up.sock")));
    }

    @Override
    Map<String, ?> values() {
        return Map.of("upstream", folder.resolve("up.sock"), "nobody", folder.resolve("nobody.sock"));
    }

    private Path folder(ProxyProcess proxy) {
        return folder.resolve(proxy == proxies.envoy() ? "envoy" : "starling");
    }

    private SocketChannel connect(ProxyProcess proxy, String listener) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(folder(proxy).resolve(listener + ".sock")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    http | GET / HTTP/1.1
                    http | GET /rewritten HTTP/1.1
                    http | GET /nobody HTTP/1.1
                    http | GET /refused HTTP/1.1
                    json | GET / HTTP/1.1
                    json | GET /refused HTTP/1.1
                    http | GET / HTTP/1.1~x-forwarded-for: 1.2.3.4
                    http | GET / HTTP/1.1~x-forwarded-for: 1.2.3.4~x-forwarded-proto: https
                    edge | GET / HTTP/1.1
                    edge | GET / HTTP/1.1~x-forwarded-for: 1.2.3.4
                    edge | GET / HTTP/1.1~x-envoy-internal: true~x-envoy-retry-on: 5xx
                    told | GET / HTTP/1.1
                    told | PROXY TCP4 1.2.3.4 5.6.7.8 9 10~GET / HTTP/1.1
                    told | PROXY UNKNOWN~GET / HTTP/1.1
                    tcp  | GET / HTTP/1.1
                    """)
    void forwardsTheSame(String listener, String lines) throws IOException {
        String request = lines.replace("~", "\r\n") + "\r\nhost: a.test\r\nconnection: close\r\n\r\n";
        proxies.assertAlike(proxy -> {
            int before = proxy.lines("access.log").size();
            List<String> journal = new ArrayList<>();
            try (SocketChannel client = connect(proxy, listener)) {
                write(client, request);
                if (!lines.contains("/nobody") && !lines.contains("/refused")) {
                    try (SocketChannel accepted = upstream.accept()) {
                        journal.add("upstream gets " + sorted(head(accepted)));
                        write(accepted, ANSWER);
                    }
                }
                journal.add("client gets " + sorted(rest(client)));
            }
            Awaitility.await("a line")
                    .pollInterval(5, TimeUnit.MILLISECONDS)
                    .until(() -> proxy.lines("access.log").size() >= before + (listener.equals("tcp") ? 2 : 1));
            List<String> logged = proxy.lines("access.log");
            journal.addAll(logged.subList(before, logged.size()));
            return String.join("\n", journal).replace(folder(proxy).toString(), "FOLDER");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "edge", "told", "tcp"})
    void givesSocketsTheSamePermissions(String listener) throws IOException {
        proxies.assertAlike(proxy -> {
            Path socket = folder(proxy).resolve(listener + ".sock");
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(socket));
        });
    }

    /** By the one that another process has left behind when it was killed. */
    @Test
    void isNotHeldUpByALeftOverSocket() throws IOException {
        Path own = Files.createDirectories(folder.resolve("again"));
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(own.resolve("http.sock")));
        }
        assertThat(Files.exists(own.resolve("http.sock"))).isTrue();
        String bootstrap = BothProxies.resource("unix-bootstrap.yaml")
                .replace("{upstream}", folder.resolve("up.sock").toString())
                .replace("{nobody}", folder.resolve("nobody.sock").toString());
        for (int i = 0; i < 2; i++) { // the second time by its own, as closing kills it
            Files.deleteIfExists(own.resolve("admin-address"));
            try (ProxyProcess _ = ProxyProcess.starling(own, bootstrap);
                    SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(own.resolve("http.sock")))) {
                write(client, "GET /nobody HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\n\r\n");
                assertThat(rest(client)).startsWith("HTTP/1.1 503 ");
            }
        }
    }

    private static void write(SocketChannel channel, String text) throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes(ISO_8859_1)));
    }

    private static String head(SocketChannel channel) throws IOException {
        StringBuilder head = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (head.indexOf("\r\n\r\n") < 0 && channel.read(one) > 0) {
            head.append((char) one.flip().get());
            one.clear();
        }
        return head.toString();
    }

    private static String rest(SocketChannel channel) throws IOException {
        StringBuilder rest = new StringBuilder();
        ByteBuffer some = ByteBuffer.allocate(1024);
        while (channel.read(some) >= 0) {
            rest.append(ISO_8859_1.decode(some.flip()));
            some.clear();
        }
        return rest.toString();
    }

    /** Without what differs from run to run. */
    private static String sorted(String message) {
        return message.lines()
                .filter(line -> !line.startsWith("date: "))
                .map(line -> line.replaceFirst("(?<=service-time: )\\d+", "MS"))
                .sorted()
                .toList()
                .toString();
    }
}
