package dev.starling.tests.envoy;

import java.util.Map;
import java.util.Set;

/** Where Starling does other than Envoy on purpose, and why. A case that no longer differs must leave the list. */
final class KnownDifferences {

    /** Cases by name, with the reason. */
    static final Map<String, String> CASES = Map.of(
            "answer upgrades unasked", "a 101 nobody asked for is an upstream's error (RFC 9110 15.2.2)",
            "status of four digits", "a status has three digits (RFC 9110 15)",
            "two hosts", "more than one Host must be refused (RFC 9112 3.2)",
            "bad version", "HTTP/7.3 is not HTTP/1.0",
            "folded header", "obs-fold in a request is refused (RFC 9112 5.2)",
            "bad chunk in a request", "the upstream is spared a request that is known to be broken");

    private static final Set<String> COMPARED = Set.of("listener.", "cluster.", "http.web.");

    /** Parts of the names of statistics that are left out. */
    private static final Set<String> LEFT_OUT = Set.of(
            // of Envoy's threads
            "worker_",
            "listener.admin",
            // Envoy's gauge is not set before the first request is admitted
            "circuit_breakers.default.rq_open",
            // we close our half at once, so that clients do not wait for the end of a delay
            "downstream_cx_delayed_close_timeout",
            // who is first to close what both close
            "downstream_cx_destroy_local",
            // the digits of a service time count
            "_bytes_total",
            "downstream_cx_destroy_remote",
            "upstream_cx_destroy_local",
            "upstream_cx_destroy_remote");

    private static final String RESET_BEHIND_END =
            "Envoy learns of a reset behind an end only when its second write to that side fails, or never";

    /** TCP cases by name, with the reason. */
    static final Map<String, String> TCP_CASES = Map.of(
            "client closes and the upstream goes on", RESET_BEHIND_END,
            "upstream closes and the client goes on", RESET_BEHIND_END,
            "client leaves without reading", RESET_BEHIND_END,
            "upstream leaves without reading", RESET_BEHIND_END,
            "client ends and then resets", RESET_BEHIND_END,
            "upstream ends and then resets", RESET_BEHIND_END,
            "client resets meanwhile", "Envoy goes on connecting for a client that has gone");

    private static final Set<String> COMPARED_OF_TCP = Set.of("listener.", "cluster.", "tcp.");

    private static final Set<String> LEFT_OUT_OF_TCP = Set.of("worker_", "listener.admin");

    private KnownDifferences() {}

    static boolean compares(String statistic) {
        return COMPARED.stream().anyMatch(statistic::startsWith)
                && LEFT_OUT.stream().noneMatch(statistic::contains);
    }

    static boolean comparesTcp(String statistic) {
        return COMPARED_OF_TCP.stream().anyMatch(statistic::startsWith)
                && LEFT_OUT_OF_TCP.stream().noneMatch(statistic::contains);
    }
}
