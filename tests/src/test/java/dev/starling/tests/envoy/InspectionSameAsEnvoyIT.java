package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real Envoy and Starling look at the same first bytes: they choose the same chain, end the connection in the same
 * way, log the same and count the same.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InspectionSameAsEnvoyIT {

    private static final int PATIENCE_MILLIS = 3000;

    /** How long a proxy is given to read the first of several parts by itself. */
    private static final int PAUSE_MILLIS = 20;

    private static final List<String> COMPARED = List.of(
            "tls_inspector.",
            "http_inspector.",
            "proxy_proto.",
            "downstream_cx_proxy",
            "connection_limit.",
            "listener.");

    private static final Pattern PORT = Pattern.compile("(?<=127\\.0\\.0\\.1:)\\d+");

    @TempDir
    static Path folder;

    private BothProxies proxies;

    @BeforeAll
    void start() throws IOException {
        Path envoy = EnvoyBinary.require(InspectionSameAsEnvoyIT.class);
        proxies = BothProxies.start(envoy, folder, "inspection-bootstrap.yaml", Map.of());
    }

    @AfterAll
    void stop() {
        if (proxies != null) {
            proxies.close();
        }
    }

    static Collection<InspectionCase> cases() {
        return InspectionCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void doesTheSame(InspectionCase each) throws IOException {
        proxies.assertAlike(proxy -> transcript(each, proxy)); // bytes and an end right after them may be seen at once
    }

    @Test
    void limitsConnectionsAlike() throws IOException {
        List<String> journals = new ArrayList<>();
        for (ProxyProcess proxy : List.of(proxies.envoy(), proxies.starling())) {
            Map<String, Long> before = stats(proxy);
            String journal;
            try (Socket first = connect(proxy, "limited")) {
                first.getOutputStream().write('1');
                journal = "first gets " + (char) first.getInputStream().read();
                try (Socket second = connect(proxy, "limited")) {
                    journal += ", second " + rest(second);
                }
            }
            journals.add(journal + settled(proxy, before));
        }
        assertThat(journals.get(1)).isEqualTo(journals.get(0)).contains("limited_connections");
    }

    private static String transcript(InspectionCase each, ProxyProcess proxy) throws IOException {
        Map<String, Long> before = stats(proxy);
        long logged = proxy.size("listener.log");
        String answer;
        try (Socket client = connect(proxy, each.listener())) {
            for (byte[] part : each.bytes()) {
                client.getOutputStream().write(part);
                Awaitility.await()
                        .pollInterval(1, TimeUnit.MILLISECONDS)
                        .pollDelay(each.bytes().size() > 1 ? PAUSE_MILLIS : 1, TimeUnit.MILLISECONDS)
                        .until(() -> true);
            }
            if (each.ends()) {
                client.shutdownOutput();
            }
            answer = rest(client);
        }
        String counted = settled(proxy, before);
        Awaitility.await("a line")
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> proxy.size("listener.log") > logged);
        return answer + counted + lines(proxy, logged);
    }

    private static String lines(ProxyProcess proxy, long from) throws IOException {
        return PORT.matcher(String.join("\n", proxy.lines("listener.log", from)))
                .replaceAll("PORT");
    }

    private static Socket connect(ProxyProcess proxy, String listener) throws IOException {
        Socket client = new Socket();
        client.setTcpNoDelay(true);
        client.setSoTimeout(PATIENCE_MILLIS);
        client.connect(proxy.listener(listener));
        return client;
    }

    /** What comes and how it ends. */
    private static String rest(Socket client) throws IOException {
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        String end = "<end>";
        try {
            for (int b = client.getInputStream().read();
                    b >= 0;
                    b = client.getInputStream().read()) {
                got.write(b);
            }
        } catch (SocketTimeoutException open) {
            end = "<open>";
        } catch (SocketException reset) {
            end = "<reset>";
        }
        // Whether a reset follows the answer is seen only by who is slow to read it.
        return got.size() > 0 ? got.toString(ISO_8859_1) : end;
    }

    /** By how much each statistic has changed, once the connections are over. */
    private static String settled(ProxyProcess proxy, Map<String, Long> before) throws IOException {
        Awaitility.await("no connection")
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> stats(proxy).keySet().stream().noneMatch(name -> name.endsWith("cx_active")));
        return "\n" + StatChanges.between(before, stats(proxy), _ -> true) + "\n";
    }

    private static Map<String, Long> stats(ProxyProcess proxy) throws IOException {
        Map<String, Long> compared = new TreeMap<>();
        proxy.stats().forEach((name, value) -> {
            if (COMPARED.stream().anyMatch(name::startsWith) && !name.startsWith("listener.admin")) {
                compared.put(name, value);
            }
        });
        return compared;
    }
}
