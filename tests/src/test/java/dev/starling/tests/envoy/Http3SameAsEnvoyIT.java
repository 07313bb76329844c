package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.tests.process.Http3Client;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * HTTP/3 from Netty's client: names that clients ask for and the certificates they are shown, certificates of clients, clients
 * that stop reading, and what is counted. The same through the real Envoy, where there is one.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http3SameAsEnvoyIT {

    private static final Pattern COMPARED = Pattern.compile(
            "http3\\.(quic|requests).*|http\\.web\\.downstream_(rq_(\\dxx|http3_total)|cx_(http3|ssl)_total)"
                    + "|cluster\\.up\\.upstream_(cx_total|rq_(total|active))|listener\\..*\\.ssl\\.fail_verify_san");

    /** Of a client that stops reading Envoy logs nothing. */
    private static final Pattern STOPPED =
            Pattern.compile("(?m)^(/(?:never|begun) HTTP/3 code=\\d+ )flags=.* details=\\S+");

    /** Starling, and Envoy if it is there. */
    private final List<ProxyProcess> proxies = new ArrayList<>();

    private PathScriptedUpstream upstream;
    private X509Bundle good;
    private X509Bundle bad;
    private X509Bundle stranger;

    /** What happens with a proxy, told as text. */
    private interface Scene {
        String play(ProxyProcess proxy) throws Exception;
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        X509Bundle authority =
                certificate("CN=authority").setIsCertificateAuthority(true).buildSelfSigned();
        good = certificate("CN=good").addSanUriName("spiffe://good/one").buildIssuedBy(authority);
        bad = certificate("CN=bad").addSanUriName("spiffe://bad/one").buildIssuedBy(authority);
        X509Bundle other =
                certificate("CN=other").setIsCertificateAuthority(true).buildSelfSigned();
        stranger = certificate("CN=stranger").addSanUriName("spiffe://good/two").buildIssuedBy(other);
        Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
        for (String name : List.of("a", "b")) {
            X509Bundle shown =
                    certificate("CN=" + name).addSanDnsName(name + ".test").buildIssuedBy(authority);
            Files.writeString(folder.resolve(name + ".pem"), shown.getCertificatePEM());
            Files.writeString(folder.resolve(name + ".key"), shown.getPrivateKeyPEM());
        }
        upstream = new PathScriptedUpstream();
        String bootstrap = BothProxies.resource("http3-bootstrap.yaml")
                .replace("{files}", folder.toString())
                .replace("{upstream}", Integer.toString(upstream.port()));
        proxies.add(ProxyProcess.starling(folder.resolve("starling"), bootstrap));
        Optional<Path> envoy = EnvoyBinary.find();
        if (envoy.isPresent()) {
            proxies.add(ProxyProcess.envoy(envoy.get(), folder.resolve("envoy"), bootstrap));
        }
    }

    private static CertificateBuilder certificate(String subject) {
        return new CertificateBuilder().subject(subject).ecp256();
    }

    @AfterAll
    void stop() throws IOException {
        proxies.forEach(ProxyProcess::close);
        if (upstream != null) {
            upstream.close();
        }
    }

    /** Through Starling, and compared with Envoy if it is there. */
    private String told(Scene scene) throws Exception {
        List<String> told = new ArrayList<>();
        for (ProxyProcess proxy : proxies) {
            long logged = proxy.size("access.log");
            Map<String, Long> before = proxy.stats();
            String seen = scene.play(proxy);
            Awaitility.await("all is over")
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> !proxy.stats().containsKey("http.web.downstream_cx_active"));
            long lines = seen.lines().filter(line -> line.startsWith("---")).count();
            Awaitility.await("the log")
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> proxy.lines("access.log", logged).size() >= lines);
            told.add(seen + "\nlog:\n" + String.join("\n", proxy.lines("access.log", logged)) + "\nstatistics:\n"
                    + StatChanges.between(
                                    before,
                                    proxy.stats(),
                                    name -> COMPARED.matcher(name).matches())
                            .entrySet()
                            .stream()
                            .map(Object::toString)
                            .collect(Collectors.joining("\n", "", "\n")));
        }
        if (told.size() > 1) {
            assertThat(STOPPED.matcher(told.getFirst()).replaceAll("$1"))
                    .isEqualTo(STOPPED.matcher(told.getLast()).replaceAll("$1"));
        }
        return told.getFirst();
    }

    private static String asked(ProxyProcess proxy, String listener, String name, @Nullable X509Bundle identity)
            throws Exception {
        try (Http3Client client = new Http3Client(proxy.listener(listener), name, identity)) {
            Http3Client.Answer answer = client.get("/ok").answer();
            return answer.status() == 0
                    ? name + " refused"
                    : "--- " + name + " gets " + answer.status() + " of " + client.serverSubject();
        } catch (ExecutionException neverOpen) {
            return name + " refused";
        }
    }

    @Test
    void showsTheCertificateForTheNameThatIsAskedForAndLogsIt() throws Exception {
        String told = told(proxy -> {
            List<String> seen = new ArrayList<>();
            for (String name : List.of("", "a.test", "b.test", "B.Test", "c.test")) {
                seen.add(asked(proxy, "names", name, null));
            }
            return String.join("\n", seen);
        });

        assertThat(told)
                .contains("b.test gets 200 of CN=b\n", "c.test gets 200 of CN=a\n", "---  gets 200 of CN=a\n")
                .contains("asked=b.test peer=- ", "asked=- peer=- ")
                .contains("http3.quic_version_rfc_v1=5\n");
    }

    @Test
    void letsInClientsWithACertificateThatIsGoodEnough() throws Exception {
        String told = told(proxy -> {
            List<String> seen = new ArrayList<>();
            seen.add(asked(proxy, "mutual", "a.test", good));
            seen.add(asked(proxy, "mutual", "a.test", null));
            seen.add(asked(proxy, "mutual", "a.test", bad));
            seen.add(asked(proxy, "mutual", "a.test", stranger));
            return String.join("\n", seen);
        });

        assertThat(told)
                .startsWith("--- a.test gets 200 of CN=a\na.test refused\na.test refused\na.test refused\n")
                .contains("peer=CN=good CN=authority spiffe://good/one ")
                .containsPattern("xfcc=Hash=[0-9a-f]{64};Subject=\"CN=good\";URI=spiffe://good/one\n");
    }

    @Test
    void givesUpTheRequestOfAClientThatOnlyStopsReading() throws Exception {
        String told = told(proxy -> {
            upstream.takeReceived();
            Map<String, Long> before = proxy.stats();
            try (Http3Client client = new Http3Client(proxy.listener("names"), "", null)) {
                for (String path : List.of("/never", "/begun")) {
                    Http3Client.Call call = client.get(path);
                    Awaitility.await(path)
                            .atMost(20, TimeUnit.SECONDS)
                            .until(() -> upstream.hasReceived(":path: " + path));

                    call.stopReading();

                    Awaitility.await("given up")
                            .atMost(20, TimeUnit.SECONDS)
                            .until(() -> !proxy.stats().containsKey("cluster.up.upstream_rq_active"));
                }
                upstream.catchUp();
                return StatChanges.between(before, proxy.stats(), name -> name.matches(".*[rt]x_reset"))
                        + "\n---\n--- " + String.join("\n", upstream.takeReceived()) + "\n--- then "
                        + client.get("/ok").answer().status();
            }
        });

        assertThat(told)
                .containsPattern("(?s)reset.*reset.*then 200")
                .contains("/never HTTP/3 code=0 flags=DR details=http3.remote_reset")
                .contains("/begun HTTP/3 code=200 flags=DR details=http3.remote_reset")
                .contains("http3.rx_reset=2", "http.web.downstream_rq_rx_reset=2")
                .contains("cluster.up.upstream_rq_tx_reset=2");
    }

    @Test
    void refusesNamesWithUnderscoresAsTold() throws Exception {
        String told = told(proxy -> {
            try (Http3Client client = new Http3Client(proxy.listener("names"), "", null)) {
                return "--- status "
                        + client.send(true, "GET", "/ok", "a_b", "c").answer().status();
            }
        });

        assertThat(told)
                .contains("code=0 flags=DPE details=http3.unexpected_underscore")
                .contains("status 0\n", "http3.requests_rejected_with_underscores_in_headers=1\n");
    }
}
