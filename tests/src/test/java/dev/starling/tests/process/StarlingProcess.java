package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real thing: the packaged launcher in a process of its own, which dies with the test. */
final class StarlingProcess implements AutoCloseable {

    private static final Path JAR = Path.of("../launcher/target/starling-launcher.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final Process process;

    private StarlingProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** Runs it with these words, whatever comes of it. */
    static StarlingProcess run(Path folder, List<String> jvmFlags, String... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(jvmFlags);
        command.addAll(List.of("-jar", JAR.toAbsolutePath().normalize().toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        return new StarlingProcess(folder, process);
    }

    /** Runs it with this bootstrap, which has an admin address, and waits until it serves. */
    static StarlingProcess serve(Path folder, List<String> jvmFlags, String bootstrap, String... words)
            throws IOException {
        Path file = Files.writeString(folder.resolve("envoy.yaml"), bootstrap);
        List<String> all = new ArrayList<>(List.of(
                "-c", file.toString(), "--concurrency", "1", "--admin-address-path", folder.resolve("admin") + ""));
        all.addAll(List.of(words));
        return serveWith(folder, jvmFlags, all.toArray(String[]::new));
    }

    /** Runs it with these words, by which it writes where its admin server is, and waits until it serves. */
    static StarlingProcess serveWith(Path folder, List<String> jvmFlags, String... words) throws IOException {
        StarlingProcess starling = run(folder, jvmFlags, words);
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(starling::isLive);
        } catch (RuntimeException never) {
            starling.close();
            throw new AssertionError("does not serve: " + starling.err(), never);
        }
        return starling;
    }

    private boolean isLive() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("ended with " + process.exitValue());
        }
        Path admin = folder.resolve("admin");
        return Files.exists(admin)
                && !Files.readString(admin).isEmpty()
                && admin("/ready").startsWith("LIVE");
    }

    /** What the admin server says to a GET. */
    String admin(String path) throws IOException {
        return admin("GET", path);
    }

    /** What it says to a POST. */
    String post(String path) throws IOException {
        return admin("POST", path);
    }

    private String admin(String method, String path) throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://" + Files.readString(folder.resolve("admin")) + path);
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .method(method, BodyPublishers.noBody())
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (InterruptedException hurry) {
            throw new IOException(hurry);
        }
    }

    /** Where a listener listens. */
    InetSocketAddress listener(String name) throws IOException {
        String line = admin("/listeners")
                .lines()
                .filter(each -> each.startsWith(name + "::"))
                .findFirst()
                .orElseThrow();
        String address = line.substring(name.length() + 2);
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    /** One statistic, or -1 if there is none. */
    long stat(String name) throws IOException {
        return admin("/stats?filter=" + name)
                .lines()
                .filter(line -> line.startsWith(name + ": "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 2)))
                .findFirst()
                .orElse(-1);
    }

    void terminate() {
        process.destroy(); // SIGTERM
    }

    /** Its exit code, when it has ended. */
    int exit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("ends by itself")
                .isTrue();
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    String out() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    String err() throws IOException {
        return Files.readString(folder.resolve("err"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
