package dev.starling.tests.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * An upstream in a process of its own, to be killed with SIGKILL. Answers {@code /} whole and {@code /half} up to the
 * middle of its body; never answers {@code /none}.
 */
final class MortalUpstream implements AutoCloseable {

    private final Process process;
    private final int port;

    private MortalUpstream(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static MortalUpstream start(String name) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MortalUpstream.class.getName(),
                        name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var out = process.inputReader(StandardCharsets.US_ASCII);
        return new MortalUpstream(process, Integer.parseInt(out.readLine()));
    }

    int port() {
        return port;
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] words) throws Exception {
        String name = words[0];
        try (var server = new WireServer(wire -> {
            for (String head = wire.head(); !head.isEmpty(); head = wire.head()) {
                switch (head.split(" ", 3)[1]) {
                    case "/none" -> {}
                    case "/half" -> wire.send("HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf");
                    default -> wire.send("HTTP/1.1 200 OK\r\ncontent-length: " + name.length() + "\r\n\r\n" + name);
                }
            }
        })) {
            System.out.println(server.port());
            new CountDownLatch(1).await();
        }
    }
}
