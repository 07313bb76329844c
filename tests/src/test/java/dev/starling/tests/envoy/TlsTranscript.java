package dev.starling.tests.envoy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** What a proxy made of a case, with what must differ from run to run replaced. */
final class TlsTranscript {

    private static final Pattern SESSION_ID = Pattern.compile("id=[0-9a-f]+");
    /** Our provider forgets what was agreed on before a handshake failed, but for what it asks us to judge. */
    private static final Pattern AGREED = Pattern.compile("(failure=TLS_error\\S+ tls=)\\S+( sni=\\S+ peer=- )");

    private static final Pattern UNFINISHED = Pattern.compile("( tls=)\\S+( sni=\\S+ peer=- )");

    private static final Pattern DATE = Pattern.compile("(?m)^(date|x-envoy-upstream-service-time): .*$");

    /** How long the lines of connections may take to the file. */
    private static final int LOG_MILLIS = 2000;

    private TlsTranscript() {}

    static String of(TlsCase each, ProxyProcess proxy) throws IOException {
        Map<String, Long> before = proxy.stats();
        long accesses = proxy.size("access.log");
        long connections = proxy.size("listener.log");
        String seen = each.play().at(proxy.listener(each.listener()));
        Awaitility.await("the end of " + each)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> !proxy.stats().containsKey("listener." + each.listener() + ".downstream_cx_active"));
        String total = "listener." + each.listener() + ".downstream_cx_total";
        long visits = proxy.stats().getOrDefault(total, 0L) - before.getOrDefault(total, 0L);
        Awaitility.await("the lines of " + each)
                .atMost(LOG_MILLIS, TimeUnit.MILLISECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> proxy.lines("listener.log", connections).size() >= visits);
        List<String> told = new ArrayList<>(sorted(seen.replace("\r\n", "\n")));
        told.addAll(proxy.lines("access.log", accesses));
        told.addAll(proxy.lines("listener.log", connections));
        Map<String, Long> changed = StatChanges.between(before, proxy.stats(), TlsDifferences::compares);
        if (!changed.containsKey("listener." + each.listener() + ".ssl.handshake")) {
            told.replaceAll(line -> UNFINISHED.matcher(line).replaceAll("$1?$2"));
        }
        changed.forEach((name, by) -> told.add(name + " " + by));
        String text = SESSION_ID.matcher(String.join("\n", told)).replaceAll("id=ID");
        String agreed = AGREED.matcher(text)
                .replaceAll("$1?$2")
                // which BoringSSL cannot be asked to send for what a certificate is
                .replace("bad_certificate_hash_value", "bad_certificate");
        return Ports.named(agreed, proxy.listener(each.listener()).getPort(), "PORT");
    }

    /** The lines of heads may come in any order. */
    private static List<String> sorted(String seen) {
        List<String> lines =
                new ArrayList<>(DATE.matcher(seen).replaceAll("$1: N").lines().toList());
        lines.sort(null);
        return lines;
    }
}
