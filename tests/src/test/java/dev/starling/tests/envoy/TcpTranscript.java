package dev.starling.tests.envoy;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * What a proxy made of a case, with what must differ from run to run replaced.
 *
 * @param journal what client and upstream saw, in order
 * @param logged what the TCP proxy logged, and then the listener
 * @param counted by how much each statistic has changed since before the case
 */
record TcpTranscript(List<String> journal, List<String> logged, Map<String, Long> counted) {

    private static final Pattern PORT = Pattern.compile("(?<=127\\.0\\.0\\.1:|port=|/)\\d{4,5}\\b");
    private static final Pattern DURATION = Pattern.compile("took=\\d+ms");

    /** How long the lines of a case may take to the file, where they come. */
    private static final Duration LOG_TIME = Duration.ofMillis(300);

    static TcpTranscript of(TcpCase each, ProxyProcess proxy, ServerSocket upstream) throws IOException {
        return of(each, proxy, upstream, KnownDifferences::comparesTcp);
    }

    /** @param compares which statistics, by name */
    static TcpTranscript of(TcpCase each, ProxyProcess proxy, ServerSocket upstream, Predicate<String> compares)
            throws IOException {
        long tcpLog = proxy.size("tcp.log");
        long listenerLog = proxy.size("listener.log");
        TcpStage stage = new TcpStage(proxy, each.listener(), upstream);
        try (stage) {
            each.play().on(stage);
        }
        Awaitility.await("no connection of " + each)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .until(() -> proxy.stats().keySet().stream()
                        .filter(compares)
                        .noneMatch(name -> name.endsWith("_cx_active")));
        List<String> logged = new ArrayList<>();
        logged.addAll(lines(proxy, "tcp.log", tcpLog, stage));
        logged.addAll(lines(proxy, "listener.log", listenerLog, stage));
        return new TcpTranscript(stage.journal(), logged, difference(stage.before(), proxy.stats(), compares));
    }

    private static List<String> lines(ProxyProcess proxy, String file, long before, TcpStage stage) throws IOException {
        return proxy.linesWithin(file, before, stage.clients(), LOG_TIME).stream()
                .map(line -> file + ": " + neutral(line, stage))
                .toList();
    }

    private static String neutral(String line, TcpStage stage) {
        String same = DURATION.matcher(line).replaceAll("took=MS");
        return PORT.matcher(same).replaceAll(port -> stage.named(Integer.parseInt(port.group())));
    }

    private static Map<String, Long> difference(
            Map<String, Long> before, Map<String, Long> after, Predicate<String> compares) {
        Map<String, Long> changed = StatChanges.between(before, after, compares);
        // How often is a matter of timing.
        changed.replaceAll((name, by) -> name.contains("_flow_control_") ? 1 : by);
        return changed;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        journal.forEach(line -> text.append(line).append('\n'));
        logged.forEach(line -> text.append(line).append('\n'));
        counted.forEach((name, by) -> text.append(name).append(' ').append(by).append('\n'));
        return text.toString();
    }
}
