package dev.starling.tests.envoy;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Where Starling does other than Envoy on HTTP/2 on purpose, and why. A case that no longer differs must leave the list. */
final class Http2Differences {

    /** Cases by name, with the reason. */
    static final Map<String, String> CASES = new TreeMap<>();

    static {
        because("the order of different headers says nothing (RFC 9110 5.3)", "plain: server and date");
        because("what was read at once is looked at before it is answered", "plain: no route, with a body at once");
        because("a reset in the middle of a body is the connection's end", "resets: upstream aborts in the middle");
        strictAndLenient("no spaces around values (RFC 9113 8.2.1)", "spaces around a value", "tab before a value");
        strictAndLenient("a path is ASCII (RFC 3986 3.3)", "path with other bytes");
        strictAndLenient("a plain connection does not become secure by its word", "https");
        strictAndLenient("te is passed on as it came", "te Trailers");
        because("the log tells what was wrong with the message that ended it", "strict: malformed, and other streams");
        for (String name : new String[] {"strict-body", "lenient-body"}) {
            because(
                    "the log tells that the client is at fault and not that it reset its stream",
                    name + ": body shorter than its length",
                    name + ": body longer than its length");
        }
        because("a block twice as large as allowed is not gathered", "short-heads: much larger");
        because("a header that was dropped is not what ended the stream", "drop-underscores: in trailers");
        because("a client that speaks no HTTP/2 is told so", "preface: broken");
        because(
                "a connection is HTTP/2 when all of its preface has come (RFC 9113 3.4)",
                "auto-preface: half",
                "auto-preface: broken");
        because(
                "there is no request to log before its head is complete",
                "frames: block interrupted",
                "frames: continuation of another stream",
                "frames: block that cannot be decoded",
                "frames: block that ends early",
                "frames: index out of the table",
                "frames: table larger than allowed",
                "settings: table that is not made smaller",
                "floods: empty continuations");
        because(
                "PRIORITY is checked although it means nothing (RFC 9113 6.3, h2spec 5.3.1)",
                "frames: priority of itself",
                "frames: priority of the connection");
        because(
                "frames on closed streams end the connection (RFC 9113 5.1, h2spec 5.1)",
                "streams: stream below the last",
                "streams: headers on a closed stream",
                "streams: data on a closed stream",
                "streams: data behind a reset",
                "streams: headers behind a reset");
        because(
                "what is wrong with one stream ends that stream alone (RFC 9113 5.1, 6.9)",
                "streams: headers twice",
                "streams: data behind the end",
                "windows: window update of nothing for a stream",
                "windows: window of a stream overflows");
        because(
                "a setting that overflows windows is the connection's error (RFC 9113 6.9.2)",
                "windows: window of a stream overflows by settings");
        because(
                "a request is logged when its answer is complete, not when the client has taken it",
                "windows: client resets what waits",
                "short-stream: answer that the client does not take",
                "request-timeout: answer that the client does not take",
                "head-timeout: answer that the client does not take");
        because("a stream that is not taken any more is refused, not passed over", "drained: requests at work");
        because("we close, and count it so", "keepalive: not answered with a request at work");
        because("the status is told where there is no body too", "grpc-reverse: empty");
        because(
                "a message of another length than was told is broken off, not passed on",
                "grpc-reverse-sized: size 4",
                "grpc-reverse-sized: size 6");
    }

    private static void because(String reason, String... cases) {
        for (String name : cases) {
            CASES.put(name, reason);
        }
    }

    private static void strictAndLenient(String reason, String... cases) {
        for (String name : cases) {
            because(reason, "strict: " + name, "lenient: " + name);
        }
    }

    private static final Set<String> COMPARED = Set.of("http.", "http2.", "cluster.");

    /** Parts of the names of statistics that are left out. */
    private static final Set<String> LEFT_OUT = Set.of(
            // not of the case
            "http.admin.",
            // Envoy's gauges are not set before the first request is admitted
            "circuit_breakers.",
            "default.total_match_count",
            "max_host_weight",
            // of Envoy's library
            "nghttp2",
            // Starling's last words, see Http2Journal
            "http2.goaway_sent",
            "downstream_cx_delayed_close_timeout",
            // when a request of HTTP/1 is over, which is compared there
            "cluster.up.upstream_cx_destroy",
            // the digits of a service time count
            "_bytes_total");

    private Http2Differences() {}

    static boolean compares(String statistic) {
        return COMPARED.stream().anyMatch(statistic::startsWith)
                && LEFT_OUT.stream().noneMatch(statistic::contains);
    }
}
