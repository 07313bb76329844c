package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.tests.xds.OwnPlane;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code /init_dump} and {@code /ready} say while listeners wait for a control plane, in the real Envoy and in Starling. */
@Timeout(180)
class WaitingSameAsEnvoyIT {

    private static final Pattern TARGET =
            Pattern.compile("\"(init manager Listener-local-init-manager \\S+|(?:shared )?target [^\"]+)");

    @TempDir
    Path folder;

    /** Of listeners: Envoy tells of nothing else. */
    private static String waiting(ProxyProcess proxy) throws IOException {
        return TARGET.matcher(proxy.get("/init_dump?mask=listener"))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new))
                .toString();
    }

    @Test
    void saysTheSameWhileItWaits() throws IOException {
        Path envoy = EnvoyBinary.require(getClass());
        try (OwnPlane plane = OwnPlane.start()) {
            for (String kept : new String[] {"routes", "filter", "cert", "ca"}) {
                plane.keep(kept);
            }
            String bootstrap =
                    BothProxies.resource("waiting-bootstrap.yaml").replace("{plane}", Integer.toString(plane.port()));
            try (BothProxies proxies = new BothProxies(
                    ProxyProcess.waitingEnvoy(envoy, folder.resolve("envoy"), bootstrap),
                    ProxyProcess.waitingStarling(folder.resolve("starling"), bootstrap))) {
                Awaitility.await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
                    assertThat(waiting(proxies.envoy())).contains("SdsApi ca").contains("RDS init routes");
                    assertThat(waiting(proxies.starling())).isEqualTo(waiting(proxies.envoy()));
                });
                proxies.assertAlike(proxy -> proxy.get("/ready"));

                plane.tell("ca");
                plane.set(
                        "ca",
                        Secret.newBuilder()
                                .setName("ca")
                                .setValidationContext(CertificateValidationContext.getDefaultInstance())
                                .build());
                Awaitility.await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
                    assertThat(waiting(proxies.envoy())).contains("SdsApi cert").doesNotContain("SdsApi ca");
                    assertThat(waiting(proxies.starling())).isEqualTo(waiting(proxies.envoy()));
                });
            }
        }
    }
}
