package dev.starling.runtime.network.tcpproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.tcp.TcpProxy;
import dev.starling.config.tcp.TcpProxy.WeightedCluster;
import dev.starling.runtime.accesslog.AccessLogger;
import dev.starling.runtime.accesslog.EntryFilter;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.accesslog.LineSink;
import dev.starling.runtime.accesslog.LogTarget;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.network.LoopFilter;
import dev.starling.runtime.time.HeldClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A client, the proxy and an endpoint, all in the hands of one test. */
final class TcpScene implements AutoCloseable {

    /** Of {@link #read} and {@link #rest}: the peer has reset the connection. */
    static final String RESET = "<reset>";

    /** What a socket of the test may hold unread: a kernel left to itself may take tens of megabytes. */
    private static final int SOCKET_BYTES = 64 * 1024;

    private static final String LINE =
            "%RESPONSE_FLAGS% %BYTES_RECEIVED%/%BYTES_SENT% attempts=%UPSTREAM_REQUEST_ATTEMPT_COUNT%"
                    + " host=%UPSTREAM_HOST% cluster=%UPSTREAM_CLUSTER% failure=%UPSTREAM_TRANSPORT_FAILURE_REASON%"
                    + " %ACCESS_LOG_TYPE% code=%RESPONSE_CODE% protocol=%PROTOCOL%";

    final ProxyFixture proxy;
    final ServerSocket endpoint;
    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();

    TcpScene(ProxyFixture proxy) throws IOException {
        this.proxy = proxy;
        this.endpoint = new ServerSocket();
        endpoint.setReceiveBufferSize(SOCKET_BYTES);
        endpoint.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    }

    TcpScene() throws IOException {
        this(ProxyFixture.start());
    }

    /** Settings of a proxy to a cluster: the statistics are {@code tcp.test.} */
    static TcpProxy to(String cluster) {
        return settings(cluster, Duration.ofHours(1), Optional.empty(), 1);
    }

    static TcpProxy settings(
            String cluster, Duration idleTimeout, Optional<Duration> maxDuration, int maxConnectAttempts) {
        return new TcpProxy(
                "test",
                List.of(new WeightedCluster(cluster, 1)),
                idleTimeout,
                maxDuration,
                maxConnectAttempts,
                List.of());
    }

    /** A cluster {@code one} of the endpoint, and a listener that passes everything to it. */
    InetSocketAddress passAll() {
        proxy.publish("one", address());
        return listen(to("one"));
    }

    InetSocketAddress listen(TcpProxy settings) {
        return listen(settings, (info, request) -> true);
    }

    /** Logs what the filter lets through. */
    InetSocketAddress listen(TcpProxy settings, EntryFilter logged) {
        return proxy.listen(context -> new TcpProxyFilter(settings, context, List.of(logger(logged))));
    }

    private AccessLogger logger(EntryFilter filter) {
        Formatter formatter;
        try {
            var format = new AccessLog.Format.Text(FormatString.parse(LINE), false);
            formatter = proxy.context().accessLogging().formatters().entry(format);
        } catch (InvalidConfigException wrong) {
            throw new AssertionError(wrong);
        }
        return new AccessLogger(filter, new LineSink(formatter, new LogTarget() {
            @Override
            public void offer(StringBuilder line) {
                logged.add(line.toString());
            }

            @Override
            public void close() {}
        }));
    }

    /** The next line of the access log. */
    String logLine() {
        proxy.eventually("a line in the access log", () -> !logged.isEmpty());
        return logged.removeFirst();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) endpoint.getLocalSocketAddress();
    }

    Socket client(InetSocketAddress listener) throws IOException {
        Socket client = new Socket();
        client.setReceiveBufferSize(SOCKET_BYTES);
        client.connect(listener);
        return keep(client);
    }

    /** The next connection that the proxy makes to the endpoint. */
    Socket accept() throws IOException {
        return keep(endpoint.accept());
    }

    private Socket keep(Socket socket) throws IOException {
        socket.setSoTimeout((int) ProxyFixture.PATIENCE.toMillis());
        sockets.add(socket);
        return socket;
    }

    LoopFilter lane() {
        return proxy.lane(0, proxy.loop());
    }

    void sessionsEnd() {
        proxy.eventually("no session", () -> lane().connections() == 0);
    }

    /** Lets time pass on a held clock; when this returns, what was due then has happened. */
    void pass(HeldClock clock, Duration time) {
        CountDownLatch rung = new CountDownLatch(1);
        TimerWheel.Timer probe = new TimerWheel.Timer() {
            @Override
            protected void expired() {
                rung.countDown();
            }
        };
        ProxyFixture.on(proxy.loop(), () -> {
            proxy.loop().timers().arm(probe, 0);
            return true;
        });
        clock.advance(time);
        try {
            assertThat(rung.await(ProxyFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("the timers are looked at")
                    .isTrue();
        } catch (InterruptedException failure) {
            throw new AssertionError(failure);
        }
        ProxyFixture.on(proxy.loop(), () -> true); // behind the turns that the timers asked for
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    static String read(Socket socket, int bytes) throws IOException {
        try {
            return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
        } catch (SocketException reset) {
            return RESET;
        }
    }

    /** What comes until the peer ends. */
    static String rest(Socket socket) throws IOException {
        return read(socket, Integer.MAX_VALUE);
    }

    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        endpoint.close();
        proxy.close();
    }
}
