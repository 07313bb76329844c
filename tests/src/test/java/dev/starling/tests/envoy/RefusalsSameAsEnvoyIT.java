package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.starling.tests.xds.OwnPlane;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Resources that are valid by themselves but of no use to who asked for them, in the real Envoy and in Starling. */
@Timeout(180)
class RefusalsSameAsEnvoyIT {

    @TempDir
    Path folder;

    private interface Start {
        ProxyProcess with(String bootstrap) throws IOException;
    }

    private static TypedExtensionConfig filter(Message config) {
        return TypedExtensionConfig.newBuilder()
                .setName("filter")
                .setTypedConfig(Any.pack(config))
                .build();
    }

    private static Listener listener(String name, int port) {
        return Listener.newBuilder()
                .setName(name)
                .setAddress(Address.newBuilder()
                        .setSocketAddress(SocketAddress.newBuilder()
                                .setAddress("127.0.0.1")
                                .setPortValue(port)))
                .addFilterChains(FilterChain.newBuilder()
                        .addFilters(Filter.newBuilder()
                                .setName("echo")
                                .setTypedConfig(Any.pack(Echo.getDefaultInstance()))))
                .build();
    }

    /** Whether it was refused, and for listeners why. */
    private static String verdict(OwnPlane plane, String name, Message resource) {
        String type = OwnPlane.typeUrl(resource);
        int before = plane.verdicts(type).size();
        plane.set(name, resource);
        Awaitility.await(name)
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> plane.verdicts(type).size() > before);
        String verdict = plane.verdicts(type).get(before);
        return name
                + (verdict.isEmpty() ? " taken" : " refused " + (resource instanceof Listener ? verdict.strip() : ""));
    }

    private static List<String> verdicts(Start start, int usedPort) throws IOException {
        List<String> verdicts = new ArrayList<>();
        try (OwnPlane plane = OwnPlane.start()) {
            plane.keep("cert");
            plane.set("filter", filter(GrpcWeb.getDefaultInstance()));
            String bootstrap =
                    BothProxies.resource("refusals-bootstrap.yaml").replace("{plane}", Integer.toString(plane.port()));
            try (ProxyProcess proxy = start.with(bootstrap)) {
                Awaitility.await()
                        .atMost(30, TimeUnit.SECONDS)
                        .until(() -> proxy.get("/ready").strip().equals("LIVE"));
                verdicts.add(verdict(plane, "filter", filter(Router.getDefaultInstance())));
                verdicts.add(verdict(plane, "filter", filter(GrpcWeb.getDefaultInstance())));
                plane.tell("cert");
                verdicts.add(verdict(
                        plane,
                        "cert",
                        Secret.newBuilder()
                                .setName("cert")
                                .setValidationContext(CertificateValidationContext.getDefaultInstance())
                                .build()));
                verdicts.add(verdict(plane, "used", listener("used", usedPort)));
                verdicts.add(verdict(plane, "free", listener("free", 0)));
                verdicts.add(verdict(plane, "free", listener("free", usedPort)));
                verdicts.add(proxy.get("/stats?filter=listener_manager.listener_create_failure"));
                verdicts.add(proxy.get("/stats?filter=http_filter.filter.config_"));
            }
        }
        return verdicts;
    }

    @Test
    void refusesWhatEnvoyRefuses() throws IOException {
        Path envoy = EnvoyBinary.require(getClass());
        try (ServerSocket used = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            List<String> theirs = verdicts(
                    bootstrap -> ProxyProcess.envoy(envoy, folder.resolve("envoy"), bootstrap), used.getLocalPort());
            List<String> ours = verdicts(
                    bootstrap -> ProxyProcess.starling(folder.resolve("starling"), bootstrap), used.getLocalPort());

            assertThat(ours).isEqualTo(theirs);
            assertThat(theirs.get(3)).contains("cannot bind '127.0.0.1:" + used.getLocalPort());
        }
    }
}
