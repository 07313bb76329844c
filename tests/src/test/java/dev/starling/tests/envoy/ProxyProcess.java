package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Envoy or Starling, as a process of its own on a bootstrap, with its admin port and the addresses of its listeners. */
final class ProxyProcess implements AutoCloseable {

    private static final Pattern LISTENER = Pattern.compile("^(.+)::127\\.0\\.0\\.1:(\\d+)$", Pattern.MULTILINE);

    private final Process process;
    private final Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String admin;
    private final Map<String, InetSocketAddress> listeners = new HashMap<>();

    /**
     * @param command what to run, without the arguments that Envoy and Starling share
     * @param bootstrap YAML; {@code {folder}} in it becomes a folder of this process's own
     */
    private ProxyProcess(Path folder, List<String> command, String bootstrap) throws IOException {
        this.folder = Files.createDirectories(folder);
        Path config = folder.resolve("bootstrap.yaml");
        Files.writeString(config, bootstrap.replace("{folder}", folder.toString()));
        Path adminAddress = folder.resolve("admin-address");
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of("-c", config.toString(), "--concurrency", "1"));
        line.addAll(List.of("--admin-address-path", adminAddress.toString(), "--file-flush-interval-msec", "10"));
        line.addAll(List.of("--drain-strategy", "immediate")); // else chance has a part in it
        this.process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Awaitility.await(command.getFirst())
                .atMost(120, TimeUnit.SECONDS)
                .until(() -> !process.isAlive()
                        || (Files.exists(adminAddress)
                                && Files.readString(adminAddress).contains(":")));
        if (!process.isAlive()) {
            throw new IOException(command + " ended: " + Files.readString(folder.resolve("log")));
        }
        this.admin = Files.readString(adminAddress).strip();
    }

    private ProxyProcess live() {
        Awaitility.await("ready")
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> get("/ready").equals("LIVE\n"));
        return this;
    }

    static ProxyProcess envoy(Path binary, Path folder, String bootstrap) throws IOException {
        return waitingEnvoy(binary, folder, bootstrap).live();
    }

    static ProxyProcess starling(Path folder, String bootstrap) throws IOException {
        return waitingStarling(folder, bootstrap).live();
    }

    /** One that may have to wait for something before it is live. */
    static ProxyProcess waitingEnvoy(Path binary, Path folder, String bootstrap) throws IOException {
        return new ProxyProcess(
                folder, List.of(binary.toString(), "--use-dynamic-base-id", "--log-level", "error"), bootstrap);
    }

    /** One that may have to wait for something before it is live. */
    static ProxyProcess waitingStarling(Path folder, String bootstrap) throws IOException {
        Path jar = Path.of("../launcher/target/starling-launcher.jar");
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        return new ProxyProcess(folder, List.of(java, "-jar", jar.toString()), bootstrap);
    }

    String get(String path) throws IOException {
        return ask(HttpRequest.newBuilder(URI.create("http://" + admin + path)));
    }

    String post(String path) throws IOException {
        return ask(
                HttpRequest.newBuilder(URI.create("http://" + admin + path)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private String ask(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), BodyHandlers.ofString()).body();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    InetSocketAddress listener(String name) throws IOException {
        if (listeners.isEmpty()) {
            Matcher matcher = LISTENER.matcher(get("/listeners"));
            while (matcher.find()) {
                int port = Integer.parseInt(matcher.group(2));
                listeners.put(matcher.group(1), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            }
        }
        InetSocketAddress listener = listeners.get(name);
        if (listener == null) {
            throw new IOException("no listener " + name);
        }
        return listener;
    }

    /** All that a listener answers until it closes the connection. */
    String exchange(String listener, String request) throws IOException {
        try (var socket =
                new Socket(listener(listener).getAddress(), listener(listener).getPort())) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    /** The status line of the answer to a request without a body. */
    String status(String listener, String... headers) throws IOException {
        return exchange(listener, "GET / HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nconnection: close\r\n\r\n")
                .lines()
                .findFirst()
                .orElse("nothing");
    }

    /** Lines of a file, when there are at least so many: the first of them. */
    String awaitLines(String file, int count) throws IOException {
        Awaitility.await(file)
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> lines(file).size() >= count);
        return String.join("\n", lines(file).subList(0, count));
    }

    /** The lines of a file from a byte on, when there are so many or have not come for so long. */
    List<String> linesWithin(String file, long from, long count, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> lines = lines(file, from);
        while (lines.size() < count && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            lines = lines(file, from);
        }
        return lines;
    }

    /** Names of what is there: what stands before the first double colon of each line. */
    String names(String... paths) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String path : paths) {
            lines.append(get(path));
        }
        return lines.toString()
                .lines()
                .map(line -> line.replaceAll("::.*", ""))
                .distinct()
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    /** Counters and gauges that are not zero, by name. */
    Map<String, Long> stats() throws IOException {
        Map<String, Long> values = new TreeMap<>();
        for (String line : get("/stats?usedonly").lines().toList()) {
            String[] parts = line.split(": ", 2);
            if (parts[1].matches("\\d+") && !parts[1].equals("0")) {
                values.put(parts[0], Long.parseUnsignedLong(parts[1])); // hashes of versions too
            }
        }
        return values;
    }

    /** How many bytes there are in a file of the folder. */
    long size(String file) throws IOException {
        Path path = folder.resolve(file);
        return Files.exists(path) ? Files.size(path) : 0;
    }

    List<String> lines(String file) throws IOException {
        return lines(file, 0);
    }

    /** The lines of the file from that byte on. */
    List<String> lines(String file, long from) throws IOException {
        if (size(file) <= from) {
            return List.of();
        }
        try (InputStream in = Files.newInputStream(folder.resolve(file))) {
            in.skipNBytes(from);
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
