package dev.starling.tests.envoy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An HTTP/2 endpoint, or a client, in a process of its own, to be killed with SIGKILL. */
final class MortalHttp2 implements AutoCloseable {

    private final Process process;
    private final BufferedReader said;
    private final int port;

    private MortalHttp2(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MortalHttp2.class.getName()));
        command.addAll(List.of(words));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        said = process.inputReader(StandardCharsets.US_ASCII);
        port = Integer.parseInt(said.readLine());
    }

    /** A {@link PathScriptedUpstream} on that port, or a free one if it is 0. */
    static MortalHttp2 endpoint(int port) throws IOException {
        return new MortalHttp2(Integer.toString(port));
    }

    /** Has sent a request without an end for each path, on one connection. */
    static MortalHttp2 client(InetSocketAddress server, String... paths) throws IOException {
        List<String> words = new ArrayList<>(List.of(Integer.toString(server.getPort())));
        words.addAll(List.of(paths));
        return new MortalHttp2(words.toArray(String[]::new));
    }

    int port() {
        return port;
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /**
     * SIGKILL, with no chance to be reached in the middle of it: the kernel may close connections before the socket that
     * listens, and what a proxy then opens is accepted first and reset after.
     */
    void refuseAndKill() throws IOException {
        process.getOutputStream().close();
        said.readLine();
        kill();
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] words) throws Exception {
        int port = Integer.parseInt(words[0]);
        if (words.length == 1) {
            try (PathScriptedUpstream upstream = new PathScriptedUpstream(port)) {
                System.out.println(upstream.port());
                System.in.read();
                upstream.refuse();
                System.out.println("refusing");
                Thread.currentThread().join();
            }
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            Http2Wire wire = new Http2Wire(socket);
            wire.begin();
            wire.together(() -> {
                for (int i = 1; i < words.length; i++) {
                    wire.headers(2 * i - 1, false, Http2Peer.request("POST", words[i]));
                }
            });
            System.out.println(port);
            while (wire.next().isPresent()) {
                Thread.onSpinWait();
            }
        }
    }
}
