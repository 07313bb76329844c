package dev.starling.runtime.http.filter.router;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import dev.starling.runtime.network.RawConnection;
import dev.starling.runtime.upstream.Connecting;
import dev.starling.runtime.upstream.LoopCluster;
import dev.starling.runtime.upstream.UpstreamLeg;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a CONNECT ends: a TCP connection to an endpoint, seen as the stream of an attempt. The connection once open, the
 * answer is 200 without asking anybody. Confined to the loop.
 */
final class TcpTunnel implements UpstreamStream, RawConnection.Owner, Connecting.Outcome {

    private static final int OK = 200;

    private final Loop loop;
    private final Attempt attempt;
    private final UpstreamLeg leg;
    private final byte[] header;
    private final int limit;
    private @Nullable RawConnection connection;

    /** Bytes that the client has not taken yet. */
    private int outstanding;

    private boolean wasFull;
    private boolean over;

    private TcpTunnel(Loop loop, LoopCluster cluster, Attempt attempt, byte[] header) {
        this.header = header;
        this.loop = loop;
        this.attempt = attempt;
        this.limit = Math.max(1, cluster.settings().perConnectionBufferLimit().clampedToInt());
        this.leg = new UpstreamLeg(loop, cluster, attempt.endpoint(), this);
    }

    /**
     * Connects to the attempt's endpoint, unless the circuit breaker allows no more.
     *
     * @param preamble what the connection begins with, before TLS; null for nothing
     * @param header what the client's bytes begin with; empty for nothing
     */
    static void open(Loop loop, LoopCluster cluster, Attempt attempt, @Nullable ByteBuffer preamble, byte[] header) {
        CircuitBreaker breaker = cluster.traffic().breaker(RoutingPriority.DEFAULT);
        if (!breaker.connections().available()) {
            cluster.traffic().stats().cxOverflow.inc(loop.stats());
            attempt.onStreamFailed(StreamReset.OVERFLOW, "");
        } else if (!breaker.pendingRequests().available()) {
            cluster.traffic().stats().rqPendingOverflow.inc(loop.stats());
            attempt.turnAway();
        } else {
            TcpTunnel tunnel = new TcpTunnel(loop, cluster, attempt, header);
            attempt.connecting(tunnel);
            tunnel.leg.preamble(preamble);
            tunnel.leg.connect();
        }
    }

    /** The attempt is given up before there is a connection. */
    void cancel() {
        if (!over && connection == null) {
            over = true;
            leg.cancel();
        }
    }

    @Override
    public void connected(Channel channel) {
        leg.connected();
        connection = RawConnection.over(channel, loop, this);
        attempt.onStreamReady(this);
    }

    @Override
    public void failed(StreamReset reason, String detail) {
        over = true;
        leg.connectFailed(reason);
        attempt.onStreamFailed(reason, detail);
    }

    // ---- to the endpoint ------------------------------------------------------------------------------------------

    /** The body of a POST goes on too, but its answer is a response like others. */
    @Override
    public void writeHead(RequestHead head, boolean endStream) {
        ResponseHead answer = new ResponseHead(OK, Protocol.HTTP_1_1, new Headers(), -1, false);
        attempt.onUpstreamEvent(this, head.asksForTunnel() ? answer.openingTunnel() : answer);
        connection().read(true);
        if (header.length > 0) {
            writeData(Unpooled.wrappedBuffer(header), false);
        }
        if (endStream) {
            connection().endOutput();
        }
    }

    @Override
    public void writeData(ByteBuf bytes, boolean endStream) {
        leg.stats().cxTxBytesTotal.add(loop.stats(), bytes.readableBytes());
        connection().write(bytes);
        if (endStream) {
            connection().endOutput();
        }
    }

    @Override
    public void writeTrailers(Headers trailers) {
        connection().endOutput();
    }

    @Override
    public boolean writable() {
        boolean room = connection().writable();
        wasFull |= !room;
        return room;
    }

    @Override
    public void reset() {
        close(false);
    }

    // ---- from the endpoint ----------------------------------------------------------------------------------------

    @Override
    public void onEvent() {
        RawConnection open = connection();
        if (over) {
            return;
        }
        for (ByteBuf bytes = open.poll(); bytes != null; bytes = open.poll()) {
            outstanding += bytes.readableBytes();
            leg.stats().cxRxBytesTotal.add(loop.stats(), bytes.readableBytes());
            attempt.onUpstreamEvent(this, new StreamEvent.Data(bytes, false));
        }
        if (open.broken()) {
            attempt.onUpstreamEvent(this, new StreamEvent.Reset(StreamReset.CONNECTION_TERMINATION, ""));
            close(true);
        } else if (open.inputEnded()) { // Envoy too: the end of the answer is the end of the exchange
            attempt.onUpstreamEvent(this, new StreamEvent.Data(Unpooled.EMPTY_BUFFER, true));
            close(true);
        } else {
            regulate(open);
            if (wasFull && open.writable()) {
                wasFull = false;
                attempt.onUpstreamWritable(this);
            }
        }
    }

    @Override
    public void consumed(int bytes) {
        outstanding -= bytes;
        if (!over) {
            regulate(connection());
        }
    }

    private void regulate(RawConnection open) {
        boolean room = outstanding < limit;
        if (room != open.reading()) {
            open.read(room);
            (room ? leg.stats().flowControlResumedReading : leg.stats().flowControlPausedReading).inc(loop.stats());
        }
    }

    private void close(boolean remote) {
        if (!over) {
            over = true;
            leg.closed(remote);
            connection().closeBehindWritten();
        }
    }

    private RawConnection connection() {
        return Objects.requireNonNull(connection);
    }

    // ---- as attempts see it ---------------------------------------------------------------------------------------

    @Override
    public Endpoint endpoint() {
        return leg.endpoint();
    }

    @Override
    public boolean untouched() {
        return false;
    }

    @Override
    public String protocol() {
        return "";
    }

    @Override
    public SocketAddress localAddress() {
        return connection().channel().localAddress();
    }
}
