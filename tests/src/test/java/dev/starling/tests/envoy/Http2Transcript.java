package dev.starling.tests.envoy;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * What a proxy made of a case, with what must differ from run to run replaced.
 *
 * @param seen what client and upstream saw
 * @param logged the lines of the access log
 * @param counted by how much each statistic has changed since before the case
 */
record Http2Transcript(String seen, List<String> logged, Map<String, Long> counted) {

    private static final Pattern DATE = Pattern.compile("(?<=date: )[^|]*");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern SERVICE_TIME = Pattern.compile("(?<=x-envoy-upstream-service-time: )\\d+");

    /** What is wrong with a frame: Envoy says that it was a codec's error, Starling which. */
    private static final Pattern FAULT = Pattern.compile(
            "(?<=details=)(codec_error:\\S+|http2\\.unknown\\.nghttp2\\.error|http2\\.(?!remote_|header_list|too_many_headers|unexpected_)[a-z]+_\\S+)");

    private static final Pattern FIELDS = Pattern.compile("(?<=HTTP/1.1 \\| |:status: \\d{3} \\| ).* \\| ");

    /** How long the lines of a case may take to the file, where they come. */
    private static final Duration LOG_TIME = Duration.ofMillis(300);

    static Http2Transcript of(Http2Case each, ProxyProcess proxy, ServerSocket upstream) throws IOException {
        long logged = proxy.size("access.log");
        Map<String, Long> before = proxy.stats();
        Http2Stage stage = new Http2Stage(proxy, each.listener(), upstream);
        try (stage) {
            each.play().on(stage);
        }
        Awaitility.await("no connection of " + each)
                .pollDelay(0, TimeUnit.MILLISECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> proxy.stats().keySet().stream().noneMatch(Http2Transcript::isOpenConnection));
        Map<String, Long> counted = difference(before, proxy.stats());
        long requests = counted.getOrDefault("http." + each.listener() + ".downstream_rq_total", 0L);
        String seen = neutral(stage.toString());
        List<String> lines = proxy.linesWithin("access.log", logged, requests, LOG_TIME).stream()
                .map(Http2Transcript::neutral)
                .sorted()
                .toList();
        return new Http2Transcript(each.inOrder() ? seen : ordered(seen), lines, counted);
    }

    private static boolean isOpenConnection(String statistic) {
        return Http2Differences.compares(statistic) && statistic.endsWith("_cx_active");
    }

    /** The fields of each head in the order of their names. */
    private static String ordered(String seen) {
        return seen.lines()
                .map(line -> FIELDS.matcher(line)
                        .replaceAll(fields -> Matcher.quoteReplacement(
                                Stream.of(fields.group().split(" \\| "))
                                        .sorted()
                                        .collect(Collectors.joining(" | ")))))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String neutral(String text) {
        String same = DATE.matcher(text).replaceAll("DATE ");
        same = FAULT.matcher(same).replaceAll("FAULT");
        same = ID.matcher(same).replaceAll("ID");
        return SERVICE_TIME.matcher(same).replaceAll("N");
    }

    private static Map<String, Long> difference(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> changed = new TreeMap<>();
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            long by = after.getOrDefault(name, 0L) - before.getOrDefault(name, 0L);
            if (by != 0 && Http2Differences.compares(name)) {
                changed.put(name, name.contains("_flow_control_") ? 1 : by); // how often is a matter of timing
            }
        }
        return changed;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(seen);
        logged.forEach(line -> text.append(line).append('\n'));
        counted.forEach((name, by) -> text.append(name).append(' ').append(by).append('\n'));
        return text.toString();
    }
}
