package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.tests.process.InteropServer;
import dev.starling.tests.xds.LogServer;
import dev.starling.tests.xds.SecuredClient;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.testing.integration.EmptyProtos;
import io.grpc.testing.integration.TestServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starling tells a log service what the real Envoy tells it, and neither waits for one that is slow, silent or gone. */
@Timeout(240)
class LogServiceSameAsEnvoyIT {

    private static final int PATIENCE_MILLIS = 30_000;
    private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)");
    private static final String CLUSTER = "{envoy_grpc: {cluster_name: log}}";

    @TempDir
    Path folder;

    private SocketServer upstream;
    private ServerSocket silent;
    private InteropServer grpc;
    private TlsFiles tls;

    @BeforeEach
    void start() throws IOException {
        upstream = new SocketServer(LogServiceSameAsEnvoyIT::answer);
        silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        grpc = InteropServer.clear();
        tls = TlsFiles.in(folder.resolve("tls"));
    }

    @AfterEach
    void stop() throws IOException {
        upstream.close();
        silent.close();
        grpc.close();
    }

    private static void answer(Socket socket) throws IOException {
        socket.getInputStream().read(new byte[4096]);
        socket.getOutputStream().write(ascii("""
                HTTP/1.1 200 OK\r
                content-length: 5\r
                x-answer: one\r
                x-answer: two\r
                connection: close\r
                \r
                hello"""));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String bootstrap(int log, String service, String interval) throws IOException {
        return BothProxies.resource("als-bootstrap.yaml")
                .replace("{upstream}", Integer.toString(upstream.port()))
                .replace("{silent}", Integer.toString(silent.getLocalPort()))
                .replace("{grpc}", Integer.toString(grpc.port()))
                .replace("{log}", Integer.toString(log))
                .replace("{service}", service)
                .replace("{interval}", interval)
                .replace("{tls}", tls.folder().toString());
    }

    private ProxyProcess starling(int log) throws IOException {
        return ProxyProcess.starling(folder.resolve("starling"), bootstrap(log, CLUSTER, "0.1s"));
    }

    // ---- what is told ---------------------------------------------------------------------------------------------

    @Test
    void tellsTheSame() throws Exception {
        Path envoy = EnvoyBinary.require(LogServiceSameAsEnvoyIT.class);
        try (LogServer theirs = LogServer.start(0);
                LogServer ours = LogServer.start(0)) {
            Map<String, Long> theirStats;
            Map<String, Long> ourStats;
            try (var proxy =
                    ProxyProcess.envoy(envoy, folder.resolve("envoy"), bootstrap(theirs.port(), CLUSTER, "0.1s"))) {
                theirStats = drive(proxy, theirs);
            }
            try (var proxy = starling(ours.port())) {
                ourStats = drive(proxy, ours);
            }
            assertThat(LogEntries.http(ours)).containsExactlyElementsOf(LogEntries.http(theirs));
            assertThat(LogEntries.tcp(ours)).containsExactlyElementsOf(LogEntries.tcp(theirs));
            assertThat(ourStats).isEqualTo(theirStats);
            assertIntroduced(theirs);
            assertIntroduced(ours);
        }
    }

    /** Each stream says who it is once. */
    private static void assertIntroduced(LogServer server) {
        assertThat(server.streams()).hasSize(2).allSatisfy(stream -> {
            assertThat(stream.getFirst().getIdentifier().getLogName()).isEqualTo("mine");
            assertThat(stream.getFirst().getIdentifier().getNode().getId()).isEqualTo("me");
            assertThat(stream.getFirst().getIdentifier().getNode().getLocality().getZone())
                    .isEqualTo("here");
            assertThat(stream.subList(1, stream.size())).noneMatch(StreamAccessLogsMessage::hasIdentifier);
        });
    }

    private Map<String, Long> drive(ProxyProcess proxy, LogServer server) throws Exception {
        InetSocketAddress http = proxy.listener("http");
        get(http, "GET", "/web", "");
        get(http, "GET", "/web?q", "x-a: 1\r\nx-a: 2\r\nuser-agent: u\r\nreferer: r\r\nx-request-id: mine\r\n");
        get(http, "GET", "/web", "x-forwarded-for: 10.0.0.1, 10.0.0.2\r\n");
        get(http, "POST", "/web", "content-length: 3\r\n", "abc");
        get(http, "PURGE", "/web", "x-bytes: caf\u00c3\u00a9 \u00ff\u00c3\r\n");
        get(http, "GET", "/down", "");
        get(http, "GET", "/empty", "");
        get(http, "GET", "/named", "");
        get(http, "GET", "/direct", "");
        get(http, "GET", "/slow", "");
        get(http, "GET", "/nowhere", "");
        call(http);
        await(() -> LogEntries.http(server).size() == 12);
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            secured(proxy.listener("tls"), version);
        }
        await(() -> LogEntries.http(server).size() == 14);

        get(proxy.listener("tcp"), "GET", "/tcp", "");
        await(() ->
                LogEntries.http(server).size() == 15 && LogEntries.tcp(server).size() == 2);
        knock(proxy.listener("refused"));
        await(() -> LogEntries.tcp(server).size() == 3);
        Map<String, Long> stats = new TreeMap<>(proxy.stats());
        stats.keySet().removeIf(name -> !name.startsWith("access_logs."));
        return stats;
    }

    private static void await(BooleanSupplier holds) {
        Awaitility.await()
                .atMost(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .until(holds::getAsBoolean);
    }

    private static String get(InetSocketAddress address, String method, String target, String fields, String... body)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            return exchange(socket, method, target, fields + "\r\n" + String.join("", body));
        }
    }

    /** Says nothing, so that whoever closes does so without a reset. */
    private static void knock(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            socket.setSoTimeout(PATIENCE_MILLIS);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static String exchange(Socket socket, String method, String target, String rest) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.getOutputStream().write(ascii(method + " " + target + " HTTP/1.1\r\nhost: a.example\r\n" + rest));
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as("%s %s: %s", method, target, answer).isNotNegative();
            answer.append((char) next);
        }
        Matcher length = LENGTH.matcher(answer);
        socket.getInputStream().readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        return answer.toString();
    }

    private void secured(InetSocketAddress address, String version) throws IOException {
        try (SSLSocket socket = (SSLSocket) SecuredClient.context(tls.identity("ca"), tls.identity("good"))
                .getSocketFactory()
                .createSocket()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("server.example.com")));
            parameters.setProtocols(new String[] {version});
            socket.setSSLParameters(parameters);
            socket.connect(address);
            exchange(socket, "GET", "/web", "\r\n");
        }
    }

    /** One call of gRPC, whose answer ends with trailers. */
    private static void call(InetSocketAddress address) throws InterruptedException {
        ManagedChannel channel = NettyChannelBuilder.forAddress(address)
                .usePlaintext()
                .overrideAuthority("grpc.example")
                .userAgent("me")
                .build();
        try {
            TestServiceGrpc.newBlockingStub(channel).emptyCall(EmptyProtos.Empty.getDefaultInstance());
        } finally {
            channel.shutdownNow().awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    // ---- services that fail ---------------------------------------------------------------------------------------

    private static void assertServes(ProxyProcess proxy) throws IOException {
        assertThat(get(proxy.listener("http"), "GET", "/web", "")).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void beginsWhenThereIsAServiceAndAgainAfterItWasGone() throws Exception {
        int port;
        try (LogServer taken = LogServer.start(0)) {
            port = taken.port();
        }
        try (var proxy = starling(port)) {
            assertServes(proxy);
            await(() -> flushed(proxy) > 0); // and lost, as nobody listens
            for (int i = 0; i < 2; i++) {
                try (LogServer server = LogServer.start(port)) {
                    await(() -> {
                        serve(proxy);
                        return !LogEntries.http(server).isEmpty();
                    });
                    assertThat(server.messages().getFirst().hasIdentifier()).isTrue();
                }
            }
            assertServes(proxy);
            assertThat(proxy.stats()).doesNotContainKey("access_logs.grpc_access_log.logs_dropped");
        }
    }

    private static void serve(ProxyProcess proxy) {
        try {
            assertServes(proxy);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long flushed(ProxyProcess proxy) {
        return stat(proxy, "grpc_entries_flushed");
    }

    private static long stat(ProxyProcess proxy, String name) {
        try {
            return proxy.stats().getOrDefault("access_logs.grpc_access_log." + name, 0L);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void dropsEntriesForAServiceThatDoesNotRead() throws Exception {
        try (LogServer server = LogServer.deaf();
                var proxy = starling(server.port())) {
            String large = "x-a: " + "a".repeat(8000) + "\r\n";
            await(() -> {
                try {
                    for (int i = 0; i < 50; i++) {
                        assertThat(get(proxy.listener("http"), "GET", "/direct", large))
                                .startsWith("HTTP/1.1 204");
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                return stat(proxy, "logs_dropped") > 100;
            });
            assertServes(proxy);
            assertThat(server.streams()).hasSize(1);
        }
    }

    @Test
    void reachesAServiceThroughAChannelOfItsOwn() throws Exception {
        try (LogServer server = LogServer.start(0);
                var proxy = ProxyProcess.starling(
                        folder,
                        bootstrap(
                                1,
                                "{google_grpc: {target_uri: \"127.0.0.1:" + server.port() + "\", stat_prefix: log}}",
                                "0.1s"))) {
            assertServes(proxy);
            await(() -> LogEntries.http(server).size() == 1);
        }
    }

    @Test
    void sendsWhatItHoldsWhenItEnds() throws Exception {
        try (LogServer server = LogServer.start(0);
                var proxy = ProxyProcess.starling(folder, bootstrap(server.port(), CLUSTER, "1000s"))) {
            assertServes(proxy);
            assertThat(server.messages()).isEmpty();
            proxy.post("/quitquitquit");
            await(() -> LogEntries.http(server).size() == 1);
        }
    }
}
