package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The real Envoy and Starling with secrets of the bootstrap, of files that are moved into place, and of a control plane that
 * is not there: what clients see, what is counted and what {@code /config_dump} shows is the same, whatever comes.
 */
@Timeout(120)
class SecretsSameAsEnvoyIT extends Comparison<SecretsStage> {

    private static final Pattern COMPARED = Pattern.compile("sds\\.[a-z]+\\."
            + "(update_success|update_rejected|init_fetch_timeout|key_rotation_failed): .*"
            + "|.*_ssl_socket_factory\\..*|sds\\.[a-z]+\\.version_text: .*");

    private static final Pattern TIME = Pattern.compile("\"last_updated\": \"[^\"]*\"");

    /** Envoy shows what files hold, we show the files. */
    private static final Pattern SOURCE = Pattern.compile("\"(filename|inline_bytes|inline_string)\": \"[^\"]*\"");

    SecretsSameAsEnvoyIT() {
        super("secrets-bootstrap.yaml");
    }

    @Override
    SecretsStage openUpstream() throws IOException {
        return new SecretsStage(folder);
    }

    @Override
    Map<String, ?> values() {
        return upstream.values();
    }

    // ---- what is seen ---------------------------------------------------------------------------------------------

    private String told(ProxyProcess proxy) throws IOException {
        StringBuilder told = new StringBuilder();
        for (String listener : List.of("named", "late", "given")) {
            told.append(listener).append(": ").append(visit(proxy, listener)).append('\n');
        }
        for (String client : List.of("good", "nameless")) {
            String seen =
                    new TlsPeer(upstream.files().identity(client)).visit(proxy.listener("combined"), TlsCase.DIRECT);
            told.append(client).append(seen.contains("direct") ? ": let in\n" : ": kept out\n");
        }
        String late = "GET / HTTP/1.1\r\nhost: a\r\nx-cluster: late\r\nconnection: close\r\n\r\n";
        told.append(new TlsPeer()
                        .visit(proxy.listener("given"), late)
                        .lines()
                        .filter(line -> line.startsWith("HTTP") || line.contains("upstream"))
                        .toList())
                .append('\n');
        told.append(stats(proxy));
        for (String kind : List.of("static_secrets", "dynamic_active_secrets", "dynamic_warming_secrets")) {
            for (String name : List.of("own", "trust", "keys", "words", "certificate", "rules", "late", "authority")) {
                String dump = proxy.get("/config_dump?resource=" + kind + "&name_regex=" + name);
                told.append(SOURCE.matcher(TIME.matcher(dump).replaceAll("\"last_updated\": T"))
                        .replaceAll("\"source\": S"));
            }
        }
        return told.toString();
    }

    private static String stats(ProxyProcess proxy) throws IOException {
        return proxy.get("/stats?filter=s")
                .lines()
                .filter(line -> COMPARED.matcher(line).matches())
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String visit(ProxyProcess proxy, String listener) throws IOException {
        String seen = firstLine(new TlsPeer().visit(proxy.listener(listener), TlsCase.DIRECT));
        // Which of the two it is depends on whether the client's hello is there already.
        return seen.replace("fails: Remote host terminated the handshake", "<reset>");
    }

    private static String firstLine(String seen) {
        return seen.lines().findFirst().orElse("");
    }

    /** Until it is so for both. */
    private void await(String what, Predicate<ProxyProcess> holds) {
        for (ProxyProcess proxy : List.of(proxies.envoy(), proxies.starling())) {
            Awaitility.await(what).atMost(Duration.ofSeconds(30)).until(() -> holds.test(proxy));
        }
    }

    private void awaitStat(String line) {
        await(line, proxy -> {
            try {
                return proxy.get("/stats?filter=" + line.substring(0, line.indexOf(':')))
                        .contains(line);
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        });
    }

    private void awaitShown(String subject) {
        await(subject, proxy -> {
            try {
                return visit(proxy, "named").contains(subject);
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        });
    }

    /** Visits are counted, so both are visited. */
    private void assertBothTell(String... words) throws IOException {
        assertThat(told(proxies.envoy())).contains(words);
        assertThat(told(proxies.starling())).contains(words);
    }

    @Test
    void doesTheSameWhateverComes() throws Exception {
        awaitStat("sds.late.init_fetch_timeout: 1");
        proxies.assertAlike(this::told);
        assertBothTell("good: let in", "nameless: kept out");

        upstream.swap("second", "second");
        awaitShown("CN=second");
        proxies.assertAlike(this::told);

        upstream.swap("exact", "second");
        awaitStat("sds.certificate.key_rotation_failed: 1");
        awaitShown("CN=second");
        proxies.assertAlike(this::told);

        upstream.swap("exact", "exact");
        awaitShown("CN=exact");
        proxies.assertAlike(this::told);

        Path tls = upstream.files().folder();
        upstream.sendCertificate("2", tls.resolve("server.pem"), tls.resolve("second.key"));
        awaitStat("sds.certificate.update_rejected: 1");
        awaitShown("CN=exact");
        // Envoy's dump shows what it has refused, ours what is in service.
        proxies.assertAlike(proxy -> told(proxy).replace("\"version_info\": \"2\"", "\"version_info\": \"1\""));

        upstream.sendCertificate("3", tls.resolve("rsa.pem"), tls.resolve("rsa.key"));
        awaitShown("CN=rsa");
        proxies.assertAlike(this::told);

        upstream.sendRules("2", "other-ca");
        awaitStat("sds.rules.update_success: 2");
        proxies.assertAlike(this::told);
        assertBothTell("good: kept out");
    }
}
