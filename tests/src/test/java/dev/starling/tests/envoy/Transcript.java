package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a proxy made of a case, with what must differ from run to run replaced.
 *
 * @param client all that the client got, and how it ended
 * @param upstream all that the upstream got
 * @param accessLog the lines that were logged
 */
record Transcript(String client, String upstream, List<String> accessLog) {

    private static final Pattern DATE = Pattern.compile("(?i)(date): [^\r]*");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern SERVICE_TIME = Pattern.compile("(?i)(x-envoy-upstream-service-time): \\d+");

    private static final Pattern FINAL_ANSWER = Pattern.compile("HTTP/1\\.[01] [2-5]");

    /** How long a client waits for more before it takes the answer for complete. */
    private static final int PATIENCE_MILLIS = 250;

    /** How long the line of an exchange may take to the file. */
    private static final Duration LOG_TIME = Duration.ofMillis(200);

    static Transcript of(ExchangeCase each, ProxyProcess proxy, ScriptedUpstream upstream) throws IOException {
        upstream.answer(each.answer());
        long logged = proxy.size("access.log");
        InetSocketAddress listener = proxy.listener(each.listener());
        int port = listener.getPort();
        String client = talk(each.request().replace("{port}", Integer.toString(port)), listener);
        upstream.drop();
        return new Transcript(
                Ports.named(neutral(client), port, "PORT"),
                Ports.named(neutral(upstream.received()), port, "PORT"),
                proxy.linesWithin("access.log", logged, answers(client), LOG_TIME).stream()
                        .map(line -> Ports.named(line, port, "PORT"))
                        .toList());
    }

    private static int answers(String client) {
        return Math.max(1, (int) FINAL_ANSWER.matcher(client).results().count());
    }

    private static String talk(String request, InetSocketAddress address) throws IOException {
        StringBuilder got = new StringBuilder();
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                got.append((char) b);
            }
            return got.append("<end>").toString();
        } catch (SocketTimeoutException open) {
            return got.append("<open>").toString();
        } catch (SocketException reset) {
            return got.append("<reset>").toString();
        }
    }

    /** Heads with their header lines sorted, as their order means nothing. */
    private static String neutral(String text) {
        String same = DATE.matcher(text).replaceAll("$1: DATE");
        same = ID.matcher(same).replaceAll("ID");
        same = SERVICE_TIME.matcher(same).replaceAll("$1: N");
        StringBuilder out = new StringBuilder();
        List<String> head = new ArrayList<>();
        boolean inHead = false;
        for (String line : same.split("(?<=\r\n)", -1)) {
            if (!inHead && line.contains("HTTP/1.")) {
                inHead = true;
                out.append(line);
            } else if (inHead && line.equals("\r\n")) {
                head.sort(Comparator.naturalOrder());
                head.forEach(out::append);
                head.clear();
                out.append(line);
                inHead = false;
            } else if (inHead) {
                head.add(line);
            } else {
                out.append(line);
            }
        }
        head.forEach(out::append);
        return out.toString().replace("\r\n", "\n");
    }

    @Override
    public String toString() {
        return "client got:\n" + client + "\nupstream got:\n" + upstream + "\nlogged:\n" + String.join("\n", accessLog);
    }
}
