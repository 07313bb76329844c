package dev.starling.tests.envoy;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Where Starling does other than Envoy on purpose, and why. A case that no longer differs must leave the list. */
final class KnownDifferences {

    /** Cases by name, with the reason. */
    static final Map<String, String> CASES = new TreeMap<>();

    static {
        because("a 101 nobody asked for is an upstream's error (RFC 9110 15.2.2)", "answer upgrades unasked");
        because("a status has three digits (RFC 9110 15)", "status of four digits");
        because("more than one Host must be refused (RFC 9112 3.2)", "two hosts");
        because("HTTP/1.0 and 1.1 are the versions there are", "bad version", "ten: 0.9", "ten: 1.2", "ten: 2.0");
        because("HTTP/1.0 knows no transfer codings (RFC 9112 6.1)", "ten: 1.0 posts chunks");
        because("obs-fold in a request is refused (RFC 9112 5.2)", "folded header");
        because("the upstream is spared a request that is known to be broken", "bad chunk in a request");
        because(
                "a Host is a host and a port (RFC 9112 3.2)",
                "keep-port: port that is a word",
                "keep-port: port that is too high",
                "keep-port: user",
                "keep-port: empty host");
        because("a plain connection does not become secure by its word", "stream-error: absolute form, https");
        because(
                "the path of an absolute form may be empty (RFC 9112 3.2.2)",
                "stream-error: absolute form, query at once");
        because(
                "interim responses are passed on, and with their reasons (RFC 9110 15.2)",
                "continue: said twice",
                "continue: early hints",
                "continue: processing");
        because("trailers are counted even if they are dropped", "few-headers: more trailers");
        because(
                "the log tells which request was refused, as it was sent",
                "reject-slashes: /up/%2Fa%5cb",
                "reject-slashes: /up%2f..%2fup",
                "reject-slashes: /up/a%2F%2Fb?x=%2F",
                "reject-slashes: /%2f",
                "reject-underscores: one",
                "reject-underscores: two",
                "reject-underscores: kept alive");
        because(
                "there is no request to log before its head is complete",
                "idle-connection: half a head",
                "idle-drained-connection: half a head",
                "short-connection: half a head");
        because(
                "a body after 204 or 304 is taken for the next response (RFC 9112 6.3)",
                "mapped-replies: 204 with a body",
                "mapped-replies: 304 with a body",
                "text-replies: 204",
                "text-replies: 304",
                "text-replies: 204 with a body",
                "text-replies: 304 with a body",
                "text-replies: emptied",
                "json-replies: 204",
                "json-replies: 304",
                "json-replies: 204 with a body",
                "json-replies: 304 with a body",
                "plain-replies: 204 with a body",
                "plain-replies: 304 with a body");
        because("lines of a header that nobody reads stay apart", "server-if-absent: two", "server-pass: two");
    }

    private static void because(String reason, String... cases) {
        for (String name : cases) {
            CASES.put(name, reason);
        }
    }

    private static final Set<String> COMPARED = Set.of("listener.", "cluster.", "http.web.");

    /** Parts of the names of statistics that are left out. */
    private static final Set<String> LEFT_OUT = Set.of(
            // how often a name was asked for depends on how long the run takes
            "update_attempt",
            "update_success",
            "update_no_rebuild",
            "default.total_match_count",
            "max_host_weight",
            "listener.admin",
            // we close our half at once, so that clients do not wait for the end of a delay
            "downstream_cx_delayed_close_timeout",
            // who is first to close what both close
            "downstream_cx_destroy_local",
            // the digits of a service time count
            "_bytes_total",
            "downstream_cx_destroy_remote",
            "upstream_cx_destroy_local",
            "upstream_cx_destroy_remote");

    /** Cases of gRPC by name, with the reason. */
    static final Map<String, String> GRPC_CASES = new TreeMap<>();

    private static void becauseOfGrpc(String reason, String... cases) {
        for (String name : cases) {
            GRPC_CASES.put(name, reason);
        }
    }

    static {
        becauseOfGrpc("lines of a header that nobody needs joined stay apart", "logs: both", "deadline: answered, two");
        becauseOfGrpc("the log tells which request was refused, as it was sent", "paths: redirected");
        becauseOfGrpc(
                "a timeout is at most 292 years",
                "router-any: answered, 99999999H",
                "router-offset: answered, 99999999H");
        becauseOfGrpc("a message is encoded as it comes, not when it is complete", "web: binary wants text, split");
        becauseOfGrpc("what is not gRPC has no frame to lose", "bridge-upgrading: plain 503");
        becauseOfGrpc("the status is told where there is no body too", "reverse: 204");
        becauseOfGrpc(
                "what is gRPC already, our own replies first, needs no bridge and keeps its status",
                "reverse: trailers only",
                "reverse: no endpoint",
                "reverse: direct",
                "reverse: timeout",
                "reverse-bare: trailers only",
                "reverse-bare: no endpoint",
                "reverse-bare: direct",
                "reverse-bare: timeout",
                "reverse-bare: without a message");
        becauseOfGrpc(
                "a message of another length than was told is broken off, not passed on",
                "reverse-sized: size 4",
                "reverse-sized: shorter before trailers");
    }

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

    private static final String NOT_GRANTED = "a 101 must be asked for and name its protocol (RFC 9110 7.8, 15.2.2)";

    /** Cases of tunnels by name, with the reason. */
    static final Map<String, String> TUNNEL_CASES = Map.of(
            "unasked", NOT_GRANTED,
            "to nothing", NOT_GRANTED,
            "of HTTP/1.0", "HTTP/1.0 knows no upgrades (RFC 9110 7.8)",
            "names a header", "what Connection names goes no further (RFC 9110 7.6.1)",
            "connect answered with a length", "a length says nothing in this answer (RFC 9110 9.3.6)");

    private static final String KEPT = "an answer that is given up costs no connection if it is complete";

    private static final String RUNTIME = "the runtime does not set circuit breakers";

    private static final String ROUTE = "routes have no statistics of their own";

    /** Cases of retries by name, with the reason. */
    static final Map<String, String> RETRY_CASES = Map.of(
            "begun: failed, and complete", KEPT,
            "begun: failed, in chunks", KEPT,
            "begun: then reset", "an endpoint that resets its connection has broken no protocol",
            "large: while the retry waits", "what has come of a request is read before it is refused",
            "runtime: the breaker's retries", RUNTIME,
            "runtime: the breaker's retries, more", RUNTIME,
            "told: in statistics of the route", ROUTE,
            "told: in statistics of the route, limit", ROUTE);

    private static final Set<String> COMPARED_OF_TCP = Set.of("listener.", "cluster.", "tcp.");

    private static final Set<String> LEFT_OUT_OF_TCP = Set.of("listener.admin");

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
