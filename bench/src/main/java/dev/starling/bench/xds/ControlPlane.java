package dev.starling.bench.xds;

import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.grpc.netty.NettyServerBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

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
    private Optional<Crowd> crowd = Optional.empty();
    private Optional<RelayClients> clients = Optional.empty();
    private int touched;

    private ControlPlane() throws IOException {}

    public static void main(String[] args) throws IOException, InterruptedException {
        new ControlPlane().run();
        System.exit(0); // whatever still listens
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
            int[] numbers = Stream.of(words).skip(1).mapToInt(Integer::parseInt).toArray();
            System.out.println(done(words[0], numbers));
        }
        server.shutdownNow();
    }

    private String done(String order, int[] numbers) throws IOException, InterruptedException {
        return switch (order) {
            case "fill" -> fill(numbers[0], numbers[1]);
            case "crowd" -> crowd(numbers[0], numbers[1] == 1, numbers[2] == 1);
            case "move" -> moveMicros(numbers[0]);
            case "load" -> load(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
            case "flood" -> flood(numbers[0], numbers[1], numbers[2], numbers[3]);
            case "hosts" -> String.join(" ", crowd.orElseThrow().hosts());
            case "clients" -> clients(numbers[0], numbers[1], numbers[2], numbers[3]);
            case "touch" -> touch();
            case "received" -> Long.toString(clients.orElseThrow().await(numbers[0]));
            case "leave" -> leave();
            default -> throw new IllegalArgumentException(order);
        };
    }

    /** Clusters of some endpoints each, addresses that nobody asks, but for the one endpoint of the first. */
    private String fill(int clusters, int endpoints) {
        crowd = Optional.empty();
        touched = 0;
        plane.clear();
        for (int cluster = 0; cluster < clusters; cluster++) {
            String name = Content.name(cluster);
            plane.put(name, Content.cluster(name, 0));
            plane.put(name, Content.assignment(name, Crowd.unasked(cluster, endpoints)));
        }
        plane.put(Content.ASKED, Content.assignment(Content.ASKED, Stream.of(mark(before))));
        return "0";
    }

    /** Instead of the one endpoint of the first cluster many, all of them real. */
    private String crowd(int endpoints, boolean oneByOne, boolean withoutReuse) {
        crowd = Optional.of(new Crowd(plane, endpoints, oneByOne, before.port()));
        crowd.get().fill();
        if (withoutReuse) {
            plane.put(Content.ASKED, Content.withoutReuse(Content.cluster(Content.ASKED, 0)));
        }
        return "0";
    }

    private static LbEndpoint mark(Upstream upstream) {
        return Content.endpoint("127.0.0.1", upstream.port());
    }

    /** From the moment the other endpoint is sent to the first answer that comes from there; and back again. */
    private String moveMicros(int proxy) throws IOException, InterruptedException {
        try (var client = new Client(proxy)) {
            String served = client.ask();
            for (int asked = 0; asked < ASKED_BETWEEN; asked++) {
                check(client.ask(), served);
            }
            Upstream target = served.equals("A") ? after : before;
            plane.awaitAnswered();
            long sentNanos = plane.change(
                    Content.ASSIGNMENTS,
                    Content.ASKED,
                    () -> Content.assignment(Content.ASKED, Stream.of(mark(target))));
            String answer = client.ask();
            while (answer.equals(served)) {
                answer = client.ask();
            }
            long micros = (System.nanoTime() - sentNanos) / NANOS_PER_MICRO;
            check(answer, served.equals("A") ? "B" : "A");
            return Long.toString(micros);
        }
    }

    private static void check(String answer, String expected) {
        if (!answer.equals(expected)) {
            throw new IllegalStateException("answered " + answer + " for " + expected);
        }
    }

    /**
     * Traffic at a rate while endpoints and clusters change, 0: never. Tells p50, p99, p99.9 and the worst in microseconds,
     * failed requests, changes of endpoints, responses, and the microseconds until the proxy has the last change.
     */
    private String load(int proxy, int admin, int perSecond, int seconds, int endpointMillis, int clusterMillis)
            throws IOException, InterruptedException {
        Crowd changing = crowd.orElseThrow();
        int sent = plane.sent();
        OpenLoop.Latencies latencies;
        int changes;
        try (var updates = new Updates(plane, changing, endpointMillis, clusterMillis)) {
            latencies = OpenLoop.run(proxy, perSecond, seconds);
            changes = updates.changes();
        }
        long lastNanos = changing.add();
        new Admin(admin).awaitMembers(changing.hosts().size());
        long behind = (System.nanoTime() - lastNanos) / NANOS_PER_MICRO;
        return LongStream.of(
                        latencies.median(),
                        latencies.p99(),
                        latencies.p999(),
                        latencies.worst(),
                        latencies.failed(),
                        changes,
                        plane.sent() - sent,
                        behind)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(" "));
    }

    /**
     * Traffic at a rate while one assignment changes too fast. Tells p99 and the worst latency in microseconds, failed
     * requests, the microseconds in which all updates were sent, how many were not acknowledged then, and the microseconds
     * until traffic follows the last.
     */
    private String flood(int proxy, int perSecond, int seconds, int requestsPerSecond)
            throws IOException, InterruptedException {
        try (var executor = Executors.newSingleThreadExecutor()) {
            var traffic = executor.submit(() -> OpenLoop.run(proxy, requestsPerSecond, seconds));
            var outcome = new Flood(plane, perSecond, seconds).run(proxy, mark(before), mark(after), "B");
            OpenLoop.Latencies latencies = traffic.get();
            plane.awaitAnswered();
            return "%d %d %d %d %d %d"
                    .formatted(
                            latencies.p99(),
                            latencies.worst(),
                            latencies.failed(),
                            outcome.sentMicros(),
                            outcome.unanswered(),
                            outcome.behindMicros());
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Nanoseconds until the last of them has all clusters. */
    private String clients(int port, int count, int connections, int clusters) throws InterruptedException {
        long startNanos = System.nanoTime();
        clients = Optional.of(new RelayClients(port, count, connections, clusters));
        return Long.toString(clients.get().awaitAll() - startNanos);
    }

    private String touch() {
        int number = ++touched;
        return Long.toString(
                plane.change(Content.CLUSTERS, Content.ASKED, () -> Content.cluster(Content.ASKED, number)));
    }

    private String leave() {
        clients.ifPresent(RelayClients::close);
        clients = Optional.empty();
        return "0";
    }
}
