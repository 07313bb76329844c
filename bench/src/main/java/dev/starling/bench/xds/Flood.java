package dev.starling.bench.xds;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Assignments of one endpoint, each of another weight than the one before, at a fixed rate, whatever of them is acknowledged;
 * then the endpoint moves.
 */
final class Flood {

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final int WEIGHTS = 100;

    private final Plane plane;
    private final int perSecond;
    private final int seconds;

    Flood(Plane plane, int perSecond, int seconds) {
        this.plane = plane;
        this.perSecond = perSecond;
        this.seconds = seconds;
    }

    /**
     * @param sentMicros from the first to the last update
     * @param unanswered updates, at the last
     * @param behindMicros from the last update to the first answer that follows it
     */
    record Outcome(long sentMicros, int unanswered, long behindMicros) {}

    /** @param moved as the endpoint answers that all requests go to in the end */
    Outcome run(int proxy, LbEndpoint from, LbEndpoint to, String moved) throws IOException {
        int updates = perSecond * seconds;
        long startNanos = System.nanoTime();
        for (int update = 0; update < updates; update++) {
            OpenLoop.awaitNanos(startNanos + update * NANOS_PER_SECOND / perSecond);
            plane.send(Content.ASKED, assignment(from, 1 + update % WEIGHTS));
        }
        plane.send(Content.ASKED, assignment(to, 1));
        long lastNanos = System.nanoTime();
        int unanswered = plane.unanswered(Content.ASSIGNMENTS);
        try (var client = new Client(proxy)) {
            while (!client.ask().equals(moved)) {
                LockSupport.parkNanos(NANOS_PER_MICRO);
            }
        }
        return new Outcome(
                (lastNanos - startNanos) / NANOS_PER_MICRO,
                unanswered,
                (System.nanoTime() - lastNanos) / NANOS_PER_MICRO);
    }

    private static ClusterLoadAssignment assignment(LbEndpoint endpoint, int weight) {
        LbEndpoint weighted = endpoint.toBuilder()
                .setLoadBalancingWeight(UInt32Value.of(weight))
                .build();
        return Content.assignment(Content.ASKED, Stream.of(weighted));
    }
}
