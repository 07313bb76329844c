package dev.starling.tests.xds;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.pkitesting.CertificateBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** Endpoints of all kinds of health, each on a port of loopback. */
public final class CheckedEndpoints implements AutoCloseable {

    private static final String GRPC_SERVICE = "wren";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer http = HttpServer.create(loopback(), 0);
    private final HttpsServer https = HttpsServer.create(loopback(), 0);
    private final ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Socket refusing = new Socket();
    private final HealthStatusManager grpcHealth = new HealthStatusManager();
    private final Server grpc;
    private final ServerSocket greeting = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger met = new AtomicInteger();
    private final AtomicInteger greeted = new AtomicInteger();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private volatile int status = 200;

    public CheckedEndpoints() throws Exception {
        http.setExecutor(threads);
        http.createContext("/", this::answer);
        http.start();
        var identity = new CertificateBuilder()
                .subject("CN=endpoint")
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        var tls = SSLContext.getInstance("TLS");
        tls.init(identity.toKeyManagerFactory().getKeyManagers(), null, null);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        https.setExecutor(threads);
        https.createContext("/", this::answer);
        https.start();
        refusing.bind(loopback()); // taken, and nobody listens
        threads.execute(this::greet);
        grpcHealth.setStatus(GRPC_SERVICE, ServingStatus.SERVING);
        grpc = NettyServerBuilder.forAddress(loopback())
                .addService(grpcHealth.getHealthService())
                .build()
                .start();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.computeIfAbsent(path, _ -> new AtomicInteger()).incrementAndGet();
        exchange.sendResponseHeaders(path.equals("/bad") ? 503 : status, -1);
        exchange.close();
    }

    private void greet() {
        try {
            while (true) {
                Socket client = greeting.accept();
                met.incrementAndGet();
                threads.execute(() -> greet(client));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void greet(Socket client) {
        try (client;
                var lines = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII))) {
            for (String line = lines.readLine(); "hi".equals(line); line = lines.readLine()) {
                greeted.incrementAndGet();
                client.getOutputStream().write("(hi) it is ok\n".getBytes(US_ASCII));
            }
        } catch (IOException gone) {
            // the check is over
        }
    }

    /** Answers {@code hi} with {@code (hi) it is ok}, and closes after any other line. */
    public int greeting() {
        return greeting.getLocalPort();
    }

    /** How many connections it has taken. */
    public int met() {
        return met.get();
    }

    /** How often it was told {@code hi}. */
    public int greeted() {
        return greeted.get();
    }

    /** Answers 503 to {@code /bad} and 200, or what is set, to all else. */
    public int http() {
        return http.getAddress().getPort();
    }

    public void set(int newStatus) {
        status = newStatus;
    }

    /** The same over TLS. */
    public int https() {
        return https.getAddress().getPort();
    }

    /** Takes connections and never says anything. */
    public int silent() {
        return silent.getLocalPort();
    }

    public int refusing() {
        return refusing.getLocalPort();
    }

    /** Says that {@code wren} serves, and knows no other service. */
    public int grpc() {
        return grpc.getPort();
    }

    /** How often it was asked at that path, over HTTP and HTTPS. */
    public int asked(String path) {
        AtomicInteger count = asked.get(path);
        return count == null ? 0 : count.get();
    }

    /** The report with names in place of ports. */
    public String named(String report) {
        return report.replace("127.0.0.1:" + https(), "https")
                .replace("127.0.0.1:" + http(), "http")
                .replace("127.0.0.1:" + silent(), "silent")
                .replace("127.0.0.1:" + refusing(), "refusing")
                .replace("127.0.0.1:" + greeting(), "greeting")
                .replace("127.0.0.1:" + grpc(), "grpc");
    }

    @Override
    public void close() throws IOException {
        http.stop(0);
        https.stop(0);
        silent.close();
        greeting.close();
        refusing.close();
        grpc.shutdownNow();
        threads.shutdownNow();
    }
}
