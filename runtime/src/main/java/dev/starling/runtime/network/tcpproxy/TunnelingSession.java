package dev.starling.runtime.network.tcpproxy;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Ready;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.network.RawConnection;
import dev.starling.runtime.network.RawLane;
import dev.starling.runtime.network.RawSession;
import dev.starling.runtime.upstream.LoopCluster;
import dev.starling.runtime.upstream.LoopClusters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client connection whose bytes an endpoint is sent in a request of HTTP, and whose answer is the endpoint's
 * ({@code tunneling_config}). The pool of the cluster gives the stream, so any HTTP version will do. Confined to the loop.
 */
final class TunnelingSession extends Ready implements RawSession, RawConnection.Owner, EndpointChoice.Chooser {

    private final TcpProxyFilter filter;
    private final Tunneling tunneling;
    private final RawLane<TunnelingSession> lane;
    private final StringBuilder scratch;
    private final Loop loop;
    private final ClientSide client;
    private final RawConnection downstream;
    private final StreamInfo info;
    private final EndpointChoice choice;

    private Phase phase = Phase.SEARCHING;
    private @Nullable TunnelRequest request;
    private boolean inputPassed;
    private boolean answerPassed;
    private int owed;

    private enum Phase {
        /** For an endpoint that opens a tunnel. */
        SEARCHING,
        /** Bytes pass. */
        PASSING,
        /** Nothing more will pass; what was written still leaves. */
        CLOSING,
        OVER
    }

    TunnelingSession(
            TcpProxyFilter filter,
            Tunneling tunneling,
            RawLane<TunnelingSession> lane,
            LoopClusters clusters,
            StringBuilder scratch,
            Channel channel,
            ConnectionOwner owner) {
        this.filter = filter;
        this.tunneling = tunneling;
        this.lane = lane;
        this.scratch = scratch;
        this.loop = lane.loop();
        this.client = new ClientSide(filter, loop, scratch, channel, owner, this);
        this.downstream = client.connection();
        this.info = client.info();
        this.choice = new EndpointChoice(filter, clusters, loop, info, false);
    }

    @Override
    public void onEvent() {
        lane.ready(this);
    }

    @Override
    public void turn() {
        if (phase == Phase.OVER) {
            return;
        }
        if (client.lastedTooLong()
                || downstream.broken()
                || downstream.closed()
                || client.idledTooLong(downstream.pendingBytes())) {
            closeNow();
        } else {
            if (request == null && phase == Phase.SEARCHING) {
                choice.next(this);
            }
            takeEvents();
            if (phase == Phase.PASSING) {
                pass();
            } else if (phase == Phase.CLOSING) {
                dropInput();
            }
        }
    }

    // ---- the tunnel -----------------------------------------------------------------------------------------------

    @Override
    public void chosen(LoopCluster cluster, Endpoint endpoint) {
        request = new TunnelRequest(endpoint, tunneling.request(info, scratch), this::onEvent);
        cluster.pool(
                        endpoint,
                        RoutingPriority.DEFAULT,
                        Protocol.HTTP_1_1,
                        cluster.tellsClients() ? client.owner().traits().forUpstream() : null,
                        null)
                .newStream(request);
    }

    @Override
    public void refused(ResponseFlag why) {
        info.flag(why);
        closeNow();
    }

    private void takeEvents() {
        TunnelRequest current = request;
        StreamEvent event = current == null ? null : current.poll();
        while (event != null && phase != Phase.OVER) {
            client.active();
            switch (event) {
                case ResponseHead head -> answered(head);
                case StreamEvent.Data data -> answer(data);
                case StreamEvent.Trailers trailers -> {
                    info.tunnelResponseTrailers = tunneling.kept(trailers);
                    answerEnds();
                }
                case StreamEvent.Reset reset -> lost(reset);
                case RequestHead wrong -> throw new IllegalStateException("request head from an endpoint");
            }
            event = request == null ? null : request.poll();
        }
    }

    private void answered(ResponseHead head) {
        if (head.informational()) {
            return;
        }
        TunnelRequest current = Objects.requireNonNull(request);
        info.tunnelResponseHeaders = tunneling.kept(head);
        boolean granted = head.opensTunnel() || (tunneling.usesPost() && head.status() / 100 == 2);
        info.upstreamHost = current.endpoint().addressText();
        info.upstreamHostAddress = current.endpoint().address();
        info.upstreamRemoteAddress = current.endpoint().address();
        if (!granted || head.endStream()) {
            current.abandon();
            lost(new StreamEvent.Reset(StreamReset.REMOTE_CONNECTION_FAILURE, ""));
            return;
        }
        if (current.stream() != null) {
            info.upstreamLocalAddress = current.stream().localAddress();
        }
        phase = Phase.PASSING;
        downstream.read(true);
    }

    private void answer(StreamEvent.Data data) {
        ByteBuf bytes = data.bytes();
        int length = bytes.readableBytes();
        if (phase == Phase.PASSING) {
            owed += length;
            info.bytesSent += length;
            filter.stats().txBytesTotal.add(loop.stats(), length);
            downstream.write(bytes);
        } else {
            bytes.release();
        }
        if (data.endStream()) {
            answerEnds();
        }
    }

    private void answerEnds() {
        answerPassed = true;
        Objects.requireNonNull(request).ended();
        close();
    }

    private void lost(StreamEvent.Reset reset) {
        if (phase == Phase.PASSING) {
            if (reset.reason() != StreamReset.CONNECTION_TERMINATION) { // which is how HTTP/1.1 ends a tunnel
                info.flag(ResponseFlag.UR);
            }
            close();
            return;
        }
        TunnelRequest tried = Objects.requireNonNull(request);
        if (!tried.turnedAway()) {
            info.upstreamHost = tried.endpoint().addressText();
            info.upstreamHostAddress = tried.endpoint().address();
        }
        info.upstreamTransportFailure = reset.detail();
        info.flag(reset.reason() == StreamReset.OVERFLOW ? ResponseFlag.UO : ResponseFlag.UF);
        request = null;
        lane.ready(this); // another attempt, if there is one left
    }

    private void pass() {
        TunnelRequest current = Objects.requireNonNull(request);
        for (ByteBuf bytes = downstream.poll(); bytes != null; bytes = downstream.poll()) {
            int length = bytes.readableBytes();
            client.active();
            info.bytesReceived += length;
            filter.stats().rxBytesTotal.add(loop.stats(), length);
            current.write(bytes);
        }
        if (downstream.inputEnded()) {
            if (!inputPassed) {
                inputPassed = true;
                current.end();
            }
        } else {
            regulate(current.writable());
        }
        if (owed > 0 && downstream.writable()) {
            int bytes = owed;
            owed = 0;
            current.consumed(bytes);
        }
    }

    private void regulate(boolean room) {
        if (room != downstream.reading()) {
            downstream.read(room);
            (room ? filter.stats().resumedReading : filter.stats().pausedReading).inc(loop.stats());
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    /** The endpoint says no more: what it has said still leaves. */
    private void close() {
        phase = Phase.CLOSING;
        if (request != null && !answerPassed) {
            request.abandon();
        }
        downstream.read(true); // what is unread when a socket closes makes a reset of its end
        downstream.closeAfterFlush();
    }

    private void dropInput() {
        for (ByteBuf bytes = downstream.poll(); bytes != null; bytes = downstream.poll()) {
            bytes.release();
        }
    }

    @Override
    public void closeNow() {
        if (phase == Phase.OVER) {
            return;
        }
        if (request != null) {
            request.abandon();
        }
        choice.end();
        phase = Phase.OVER;
        client.close();
        lane.ended(this);
        client.gone();
    }

    @Override
    protected void fail(Throwable cause) {
        closeNow();
    }

    @Override
    public String toString() {
        return "tunneling session " + client.owner().id();
    }
}
