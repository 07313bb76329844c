package dev.starling.tests.envoy;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Where Starling's TLS does other than Envoy's, and why. A case that no longer differs must leave the list. */
final class TlsDifferences {

    /** Cases by name, with the reason. */
    private static final Map<String, String> CASES = new TreeMap<>();

    /** Listeners whose every case differs, with the reason. */
    private static final Map<String, String> LISTENERS = Map.of(
            "requires-anything",
            "a listener that requires certificates gets them, although it takes those of everybody; Envoy asks for none");

    static {
        because(
                "a client with whom no version can be agreed on is shown no certificate, so that none is looked for",
                "only-1.2: 1.3",
                "only-1.2: again with TLSv1.3",
                "only-1.3: 1.2",
                "only-1.3: again with TLSv1.2");
        because("the length of a record is believed until the time is over", "wire: sends a record too long");
        because("who says farewell before saying hello has made a mistake", "wire: sends a warning");
        because("empty records are no TLS at all", "wire: sends empty records");
        because("our provider tells the first of two errors", "wire: sends twice");
        because("what is refused at once is not looked at for what it asks", "wire: sends bent at 294 to 46, 40");
        because(
                "there is no request to log before its head is complete",
                "closing: ends TLS with TLSv1.2 within a request",
                "closing: ends TCP with TLSv1.2 within a request",
                "closing: ends TLS with TLSv1.3 within a request",
                "closing: ends TCP with TLSv1.3 within a request");
        because(
                "lines of a header that nobody needs joined stay apart",
                "forward_only: good says 2",
                "forward_only: nameless says 2",
                "forward_only: through-middle says 2",
                "always_forward_only: good says 2",
                "always_forward_only: nameless says 2",
                "always_forward_only: through-middle says 2",
                "always_forward_only: nobody says 2");
    }

    private static void because(String reason, String... cases) {
        for (String name : cases) {
            CASES.put(name, reason);
        }
    }

    static boolean contains(TlsCase each) {
        return CASES.containsKey(each.name()) || LISTENERS.containsKey(each.listener());
    }

    private static final Set<String> COMPARED = Set.of("listener.", "cluster.");

    /** Parts of the names of statistics that are left out. */
    private static final Set<String> LEFT_OUT = Set.of(
            // not of the case
            "listener.admin.",
            // Envoy's gauges are not set before the first request is admitted
            "circuit_breakers.",
            "default.total_match_count",
            "max_host_weight",
            // who is first to close what both close
            "upstream_cx_destroy",
            // which signatures were used our provider does not tell
            ".ssl.sigalgs.",
            // handshakes count there, and the digits of a service time
            "_bytes_total",
            // Envoy leaves the last read there, of a connection that waits in the pool
            "_rx_bytes_buffered");

    private TlsDifferences() {}

    static boolean compares(String statistic) {
        return COMPARED.stream().anyMatch(statistic::startsWith)
                && LEFT_OUT.stream().noneMatch(statistic::contains);
    }
}
