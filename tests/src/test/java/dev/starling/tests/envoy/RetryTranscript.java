package dev.starling.tests.envoy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a proxy made of a retry case, as text, with what must differ from run to run replaced. */
final class RetryTranscript {

    private static final Duration SETTLE_TIME = Duration.ofSeconds(2);

    private static final Pattern CHANGING =
            Pattern.compile("(?im)^(date|x-request-id|x-envoy-upstream-service-time): .*$|(?<=^HTTP/1\\.1 \\d{3}) .*$");

    /** How bytes are cut into frames, and whether the last of them is empty, means nothing. */
    private static final Pattern NEXT_FRAME = Pattern.compile("(?m)^(data .*)\\ndata |^false (.*)\\n(?=true $)");

    private static final Pattern SOME_ENDPOINT = Pattern.compile("\\bat ([ab])\\b");

    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");

    /** What is left of a long timeout differs by what has passed of it. */
    private static final Pattern TIME_LEFT = Pattern.compile("(x-envoy-expected-rq-timeout-ms: )(\\d{3,})");

    private static final String REQUESTS = "http.web.downstream_rq_total";

    /** Endpoints are no canaries by their metadata in our statistics. */
    private static final Pattern COUNTED = Pattern.compile(
            "cluster\\.(?!canary\\.canary)\\w+\\.(upstream_rq_.*|upstream_cx_(total|overflow"
                    + "|connect_fail|connect_timeout|none_healthy)|(retry|canary|internal|external)\\..*|retry_or_shadow_abandoned"
                    + "|outlier_detection\\.ejections_detected_.*|circuit_breakers\\..*retr.*|http2\\..x_reset)|vhost\\..*"
                    + "|http\\.web\\.(downstream_rq_(rx_reset|tx_reset|ws_on.*|[2-5]xx|timeout|idle.*|max.*|response.*)|rq_.*)");

    private static final Pattern FIGURE =
            Pattern.compile("(?m)^(\\w+)::127\\.0\\.0\\.1:(\\d+)::(rq_\\w+|cx_\\w+)::(\\d+)$");

    private RetryTranscript() {}

    static String of(RetryStage stage) throws IOException {
        ProxyProcess proxy = stage.proxy();
        RetryUpstreams upstreams = stage.upstreams();
        String cluster = "cluster." + stage.played().cluster() + ".";
        long logged = proxy.size("access.log");
        Map<String, Long> statsBefore = proxy.stats();
        Map<String, Long> figuresBefore = figures(stage);
        upstreams.answers(stage.played().answers());

        String got = stage.played().client().talk(stage);

        settle(stage);
        long requests = proxy.stats().getOrDefault(REQUESTS, 0L) - statsBefore.getOrDefault(REQUESTS, 0L);
        List<String> lines = proxy.linesWithin("access.log", logged, requests, SETTLE_TIME);
        upstreams.http2.catchUp();
        List<String> attempts = new ArrayList<>(upstreams.http1.received());
        List<String> frames = upstreams.http2.takeReceived();
        frames.stream().filter(frame -> !frame.equals("end")).forEach(attempts::add);
        frames.stream().filter("end"::equals).forEach(attempts::add); // of a connection, while the next may be in use
        Map<String, Long> stats = StatChanges.between(
                statsBefore,
                proxy.stats(),
                name -> COUNTED.matcher(name).matches() && (!name.startsWith("cluster.") || name.startsWith(cluster)));
        Map<String, Long> figures = StatChanges.between(figuresBefore, figures(stage), name -> true);
        upstreams.http1.drop();
        upstreams.http2.drop();
        until(() -> open(proxy) == 0);
        return neutral(
                stage,
                "client:\n" + got + "\n\nattempts:\n" + String.join("\n", attempts) + "\n\nlog:\n"
                        + String.join("\n", lines) + "\n\nstatistics:\n" + lines(stats) + "\n\nendpoints:\n"
                        + lines(figures));
    }

    /** Until nothing is under way, and what the proxy has closed the upstreams know. */
    private static void settle(RetryStage stage) {
        until(() -> gauge(stage.proxy(), "http.web.downstream_rq_active") == 0
                && open(stage.proxy())
                        == stage.upstreams().http1.connections()
                                + stage.upstreams().http2.connections());
    }

    private static void until(BooleanSupplier met) {
        long deadline = System.nanoTime() + SETTLE_TIME.toNanos();
        while (!met.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    /** Connections to endpoints of cases. */
    private static long open(ProxyProcess proxy) {
        return gauge(proxy, "cluster\\.(?!plane).*\\.upstream_cx_active");
    }

    private static long gauge(ProxyProcess proxy, String names) {
        try {
            return proxy.stats().entrySet().stream()
                    .filter(each -> each.getKey().matches(names))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Of the endpoints of the case's cluster, all together where chance decides which of them did what. */
    private static Map<String, Long> figures(RetryStage stage) throws IOException {
        Map<String, Long> figures = new TreeMap<>();
        Matcher figure = FIGURE.matcher(stage.proxy().get("/clusters"));
        while (figure.find()) {
            if (figure.group(1).equals(stage.played().cluster())) {
                String endpoint = stage.played().whichever() ? "all" : name(stage, figure.group(2));
                figures.merge(endpoint + " " + figure.group(3), Long.valueOf(figure.group(4)), Long::sum);
            }
        }
        return figures;
    }

    private static String name(RetryStage stage, String port) {
        return stage.upstreams().ports().entrySet().stream()
                .filter(each -> each.getValue().toString().equals(port))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("unknown");
    }

    private static String lines(Map<String, Long> changes) {
        return changes.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n"));
    }

    private static String neutral(RetryStage stage, String text) {
        String same = ADDRESS.matcher(text).replaceAll(address -> "at " + name(stage, address.group(1)));
        same = stage.played().whichever() ? inOrder(same) : same;
        same = TIME_LEFT.matcher(same).replaceAll(left -> left.group(1) + rounded(Integer.parseInt(left.group(2))));
        for (Matcher cut = NEXT_FRAME.matcher(same); cut.find(); cut = NEXT_FRAME.matcher(same)) {
            boolean end = cut.group(1) == null;
            same = same.substring(0, cut.start())
                    + (end ? "true " + cut.group(2) : cut.group(1))
                    + same.substring(cut.end() + (end ? "true ".length() : 0));
        }
        return CHANGING.matcher(same).replaceAll("$1");
    }

    private static int rounded(int millis) {
        int unit = millis > 10_000 ? 5000 : millis > 1000 ? 1000 : 100;
        return (millis + unit - 1) / unit * unit;
    }

    /** The endpoint of the first attempt is called a. */
    private static String inOrder(String text) {
        int first = text.indexOf("at ");
        return first < 0 || text.startsWith("at a", first)
                ? text
                : SOME_ENDPOINT.matcher(text).replaceAll(found -> found.group(1).equals("a") ? "at b" : "at a");
    }
}
