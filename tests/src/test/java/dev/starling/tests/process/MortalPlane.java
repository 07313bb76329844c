package dev.starling.tests.process;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.starling.tests.xds.OwnPlane;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A control plane in a process of its own, to be killed with SIGKILL or stopped with SIGSTOP. What it has comes over its
 * standard input, one resource after the other; what has a name only stands for a response that cannot be decoded.
 */
final class MortalPlane implements AutoCloseable {

    private final Process process;
    private final OutputStream input;
    private final int port;

    private MortalPlane(Process process, Collection<Resource> first) throws IOException {
        this.process = process;
        this.input = new BufferedOutputStream(process.getOutputStream());
        for (Resource each : first) {
            each.writeDelimitedTo(input);
        }
        input.flush();
        var out = process.inputReader(StandardCharsets.US_ASCII);
        this.port = Integer.parseInt(out.readLine());
    }

    /**
     * Returns when it listens.
     *
     * @param port 0 for any that is free
     * @param first what it has from the start
     */
    static MortalPlane start(int port, Collection<Resource> first) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MortalPlane.class.getName(),
                        Integer.toString(port),
                        Integer.toString(first.size()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new MortalPlane(process, first);
    }

    static Resource resource(String name, Message message) {
        return Resource.newBuilder()
                .setName(name)
                .setResource(Any.pack(message))
                .build();
    }

    int port() {
        return port;
    }

    /** Sent to who wants it, when it is not frozen. */
    void set(Resource resource) throws IOException {
        resource.writeDelimitedTo(input);
        input.flush();
    }

    void sendRubbish() throws IOException {
        set(Resource.newBuilder().setName("rubbish").build());
    }

    /** SIGSTOP: its connections stay, and the kernel takes more. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -" + name + " ended with " + exit);
        }
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] words) throws IOException {
        List<Resource> first = new ArrayList<>();
        while (first.size() < Integer.parseInt(words[1])) {
            first.add(Resource.parseDelimitedFrom(System.in));
        }
        try (var plane = OwnPlane.at(Integer.parseInt(words[0]), first)) {
            System.out.println(plane.port());
            for (Resource each = Resource.parseDelimitedFrom(System.in);
                    each != null;
                    each = Resource.parseDelimitedFrom(System.in)) {
                if (each.hasResource()) {
                    plane.set(each);
                } else {
                    plane.sendRubbish();
                }
            }
        }
    }
}
