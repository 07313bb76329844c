package dev.starling.runtime.network.tcpproxy;

import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.network.RawConnection;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsStripe;
import io.netty.buffer.ByteBuf;

/** What one connection sends, the other is sent: bytes as far as there is room, and the end of each direction. Confined to the loop. */
final class Relay {

    private final RawConnection downstream;
    private final RawConnection upstream;
    private final StreamInfo info;
    private final TcpProxyStats stats;
    private final ClusterStats cluster;
    private final StatsStripe stripe;

    Relay(
            RawConnection downstream,
            RawConnection upstream,
            StreamInfo info,
            TcpProxyStats stats,
            ClusterStats cluster,
            StatsStripe stripe) {
        this.downstream = downstream;
        this.upstream = upstream;
        this.info = info;
        this.stats = stats;
        this.cluster = cluster;
        this.stripe = stripe;
    }

    void start() {
        upstream.read(true);
        downstream.read(true);
    }

    /** Moves what has come; whether there was anything. */
    boolean pass() {
        int up = pass(downstream, upstream, stats.rxBytesTotal, cluster.cxTxBytesTotal);
        int down = pass(upstream, downstream, cluster.cxRxBytesTotal, stats.txBytesTotal);
        info.bytesReceived += up;
        info.bytesSent += down;
        return up + down > 0 || downstream.inputEnded() || upstream.inputEnded();
    }

    private int pass(RawConnection from, RawConnection to, Counter received, Counter sent) {
        int passed = 0;
        for (ByteBuf bytes = from.poll(); bytes != null; bytes = from.poll()) {
            passed += bytes.readableBytes();
            to.write(bytes);
        }
        if (passed > 0) {
            received.add(stripe, passed);
            sent.add(stripe, passed);
        }
        return passed;
    }

    /** Nothing more will pass. */
    boolean bothEnded() {
        return downstream.inputEnded() && upstream.inputEnded();
    }

    /** Reads from a side what the other has room for, and passes its end on. */
    void regulate() {
        if (downstream.inputEnded()) {
            upstream.endOutput();
        } else {
            regulate(downstream, upstream, stats.pausedReading, stats.resumedReading);
        }
        if (upstream.inputEnded()) {
            downstream.endOutput();
        } else {
            regulate(upstream, downstream, cluster.flowControlPausedReading, cluster.flowControlResumedReading);
        }
    }

    private void regulate(RawConnection from, RawConnection to, Counter paused, Counter resumed) {
        boolean room = to.writable();
        if (room != from.reading()) {
            from.read(room);
            (room ? resumed : paused).inc(stripe);
        }
    }

    /** Bytes that have not left yet. */
    long waitingBytes() {
        return downstream.pendingBytes() + upstream.pendingBytes();
    }

    /** The client has got all, and the endpoint has not. */
    boolean onlyUpstreamWaits() {
        return downstream.pendingBytes() == 0 && upstream.pendingBytes() > 0;
    }
}
