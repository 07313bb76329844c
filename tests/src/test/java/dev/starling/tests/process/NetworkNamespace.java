package dev.starling.tests.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A network of its own, with a loopback and rules that nobody else sees. Needs Linux and a permission that few have. */
final class NetworkNamespace implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 10;

    private final String name;

    private NetworkNamespace(String name) {
        this.name = name;
    }

    /** Empty where it is not permitted, or its tools are missing. */
    static Optional<NetworkNamespace> create() throws IOException {
        String name = "starling-" + ProcessHandle.current().pid();
        NetworkNamespace namespace = new NetworkNamespace(name);
        try {
            finish(List.of("ip", "netns", "add", name));
            namespace.run("ip", "link", "set", "lo", "up");
            namespace.run("iptables", "-t", "nat", "-L", "-n");
            return Optional.of(namespace);
        } catch (IOException missing) {
            System.err.println("no network namespace with iptables: " + missing.getMessage());
            namespace.close();
            return Optional.empty();
        }
    }

    /** What a command prints, which must succeed. */
    String run(String... words) throws IOException {
        return finish(inside(List.of(words)));
    }

    /** The words that run a command in here. */
    List<String> inside(List<String> words) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(words);
        return all;
    }

    private static String finish(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output.strip());
            }
            return output;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            finish(List.of("ip", "netns", "del", name));
        } catch (IOException neverThere) {
            // as create tells
        }
    }
}
