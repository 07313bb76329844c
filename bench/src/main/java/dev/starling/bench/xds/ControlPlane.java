package dev.starling.bench.xds;

import io.grpc.netty.NettyServerBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;

/**
 * The process beside the proxies: prints the port of its control plane, and does what it is told on standard input, a line
 * for each line, until that ends.
 */
public final class ControlPlane {

    /** Between two changes, so that a proxy serves as it does all day. */
    private static final int ASKED_BETWEEN = 300;

    private static final long NANOS_PER_MICRO = 1_000;
    private static final int MAX_MESSAGE = 64 << 20;

    private final Plane plane = new Plane();
    private final Upstream before = Upstream.start("A");
    private final Upstream after = Upstream.start("B");

    private ControlPlane() throws IOException {}

    public static void main(String[] args) throws IOException, InterruptedException {
        new ControlPlane().run();
    }

    private void run() throws IOException, InterruptedException {
        var server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .maxInboundMessageSize(MAX_MESSAGE)
                .addService(plane)
                .build()
                .start();
        System.out.println(server.getPort());
        var orders = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split(" ", -1);
            System.out.println(
                    switch (words[0]) {
                        case "fill" -> fill(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                        case "move" -> moveMicros(Integer.parseInt(words[1]));
                        default -> throw new IllegalArgumentException(order);
                    });
        }
        server.shutdownNow();
    }

    private int fill(int clusters, int endpoints) {
        plane.fill(clusters, endpoints, before.port());
        return clusters;
    }

    /** From the moment the other endpoint is sent to the first answer that comes from there; and back again. */
    private long moveMicros(int proxy) throws IOException, InterruptedException {
        try (var client = new Client(proxy)) {
            String served = client.ask();
            for (int asked = 0; asked < ASKED_BETWEEN; asked++) {
                check(client.ask(), served);
            }
            Upstream target = served.equals("A") ? after : before;
            long sentNanos = plane.move(target.port());
            String answer = client.ask();
            while (answer.equals(served)) {
                answer = client.ask();
            }
            long micros = (System.nanoTime() - sentNanos) / NANOS_PER_MICRO;
            check(answer, served.equals("A") ? "B" : "A");
            return micros;
        }
    }

    private static void check(String answer, String expected) {
        if (!answer.equals(expected)) {
            throw new IllegalStateException("answered " + answer + " for " + expected);
        }
    }
}
