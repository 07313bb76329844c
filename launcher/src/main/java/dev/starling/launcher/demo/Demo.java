package dev.starling.launcher.demo;

import dev.starling.config.proto.source.ConfigText;
import dev.starling.runtime.time.Clock;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** Three upstreams in this process and the bootstrap that balances over them. */
public final class Demo implements AutoCloseable {

    /** Of the listener in the bootstrap. */
    public static final String LISTENER = "demo";

    /** Of the listener for TLS. */
    public static final String TLS_LISTENER = "demo-tls";

    /** How far the port for TLS is from the other one. */
    private static final int TLS_PORT_DISTANCE = 443;

    private final Upstreams upstreams;
    private final SelfSigned identity;

    private Demo(Upstreams upstreams, SelfSigned identity) {
        this.upstreams = upstreams;
        this.identity = identity;
    }

    public static Demo start() throws IOException {
        try {
            return new Demo(
                    Upstreams.start(), SelfSigned.make(Clock.SYSTEM.wall().instant()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Java cannot make a key", impossible);
        }
    }

    /** Where the upstream of that name accepts. */
    public int port(String name) {
        return upstreams.ports().get(Upstreams.NAMES.indexOf(name));
    }

    /** For these ports; 0 takes a free one. */
    public ConfigText bootstrap(int port, int adminPort) throws IOException {
        String text = resource("demo.yaml")
                .replace("@port@", Integer.toString(port))
                .replace("@tls@", Integer.toString(port == 0 ? 0 : port + TLS_PORT_DISTANCE))
                .replace("@certificate@", identity.certificate().replace("\n", "\\n"))
                .replace("@key@", identity.privateKey().replace("\n", "\\n"))
                .replace("@admin@", Integer.toString(adminPort));
        for (int i = 0; i < Upstreams.NAMES.size(); i++) {
            String upstream = Integer.toString(upstreams.ports().get(i));
            text = text.replace("@" + Upstreams.NAMES.get(i) + "@", upstream);
        }
        return ConfigText.yaml("demo.yaml", text);
    }

    /** A file that lies beside this class. */
    static String resource(String name) throws IOException {
        try (var in = Demo.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What a newcomer can try. */
    public void explain(
            InetSocketAddress proxy, InetSocketAddress tls, Optional<InetSocketAddress> admin, PrintStream out) {
        String url = "http://127.0.0.1:" + proxy.getPort();
        String secure = "127.0.0.1:" + tls.getPort();
        out.println(
                "Starling balances " + url + " over three upstreams: " + String.join(", ", Upstreams.NAMES) + ". Try:");
        out.println();
        out.println("  curl " + url + "/              each time another one answers");
        out.println(
                "  curl " + url + "/break/wren    wren now answers 503: after three in a row it is ejected for 10 s");
        out.println("  curl " + url + "/mend/wren     and it sings again");
        out.println("  curl --http2 -k https://" + secure + "/    the same over TLS and HTTP/2");
        out.println("  curl --http2-prior-knowledge " + url + "/    HTTP/2 without TLS, on the same port");
        out.println("  grpcurl -insecure -d '{\"service\": \"wren\"}' " + secure
                + " grpc.health.v1.Health/Check    how wren is, by gRPC");
        out.println("  https://" + secure + "/talk           a page with a WebSocket, in a browser");
        admin.map(address -> "http://127.0.0.1:" + address.getPort()).ifPresent(page -> {
            out.println("  curl " + page + "/clusters      Envoy's admin API: each endpoint's health and counts");
            out.println("  " + page + "/                   the same to look at, in a browser");
        });
        out.println();
        out.println("Ctrl-C ends it.");
        out.flush();
    }

    @Override
    public void close() {
        upstreams.close();
    }
}
