package dev.starling.runtime.network.tcpproxy;

import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Ready;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.network.RawConnection;
import dev.starling.runtime.network.RawLane;
import dev.starling.runtime.network.RawSession;
import dev.starling.runtime.upstream.LoopClusters;
import dev.starling.runtime.upstream.UpstreamLeg;
import io.netty.channel.Channel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client connection and the connection to an endpoint that answers it: what one side sends, the other is sent, until
 * both have ended, one breaks, or time is up. Confined to the loop.
 */
final class TcpSession extends Ready implements RawSession, RawConnection.Owner, EndpointSearch.Seeker {

    private final TcpProxyFilter filter;
    private final RawLane<TcpSession> lane;
    private final Loop loop;
    private final ClientSide client;
    private final RawConnection downstream;
    private final StreamInfo info;
    private final EndpointSearch search;

    private Phase phase = Phase.SEARCHING;
    private @Nullable UpstreamLeg leg;
    private @Nullable RawConnection upstream;
    private @Nullable Relay relay;
    private boolean flushing;

    private enum Phase {
        /** For an endpoint that takes a connection. */
        SEARCHING,
        /** Bytes pass. */
        PASSING,
        OVER
    }

    TcpSession(
            TcpProxyFilter filter,
            RawLane<TcpSession> lane,
            LoopClusters clusters,
            StringBuilder logScratch,
            Channel channel,
            ConnectionOwner owner) {
        this.filter = filter;
        this.lane = lane;
        this.loop = lane.loop();
        this.client = new ClientSide(filter, loop, logScratch, channel, owner, this);
        this.downstream = client.connection();
        this.info = client.info();
        this.search = new EndpointSearch(filter, clusters, loop, info, owner.traits(), this);
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
        if (client.lastedTooLong()) {
            closeNow();
        } else if (phase == Phase.PASSING) {
            passingTurn();
        } else if (downstream.broken()) {
            closeNow();
        } else if (client.idledTooLong(0)) {
            closeNow();
        } else {
            search.turn();
        }
    }

    @Override
    public void refused(ResponseFlag why) {
        info.flag(why);
        closeNow();
    }

    @Override
    public void found(UpstreamLeg opened, Channel channel) {
        leg = opened;
        upstream = RawConnection.over(channel, loop, this);
        relay = new Relay(downstream, upstream, info, filter.stats(), opened.stats(), loop.stats());
        phase = Phase.PASSING;
        relay.start();
        lane.ready(this); // the client may have sent and ended before it was read
    }

    private void passingTurn() {
        RawConnection server = requireUpstream();
        Relay bytes = Objects.requireNonNull(relay);
        if (client.idledTooLong(bytes.waitingBytes())) {
            closeNow();
            return;
        }
        if (bytes.pass()) {
            client.active();
        }
        if (server.broken()) {
            info.flag(ResponseFlag.UR);
            legClosed(true);
            server.close();
            downstream.abort();
            over();
        } else if (downstream.broken()) {
            legClosed(false);
            server.abort();
            over();
        } else if (bytes.bothEnded()) {
            closeBoth(server, bytes);
        } else {
            bytes.regulate();
        }
    }

    private void closeBoth(RawConnection server, Relay bytes) {
        if (!flushing && bytes.onlyUpstreamWaits()) {
            flushing = true;
            filter.stats().upstreamFlushTotal.inc(loop.stats());
            filter.stats().upstreamFlushActive.inc(loop.stats());
        }
        downstream.closeAfterFlush();
        server.closeAfterFlush();
        if (server.closed()) {
            legClosed(server.peerEndedLast());
        }
        if (downstream.closed()) {
            client.gone();
            if (server.closed()) {
                over();
            }
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    @Override
    public void closeNow() {
        if (phase == Phase.OVER) {
            return;
        }
        if (upstream != null) {
            legClosed(false);
            upstream.close();
        } else {
            search.cancel();
        }
        over();
    }

    private void legClosed(boolean remote) {
        requireLeg().closed(remote);
        if (flushing) {
            flushing = false;
            filter.stats().upstreamFlushActive.dec(loop.stats());
        }
    }

    private void over() {
        phase = Phase.OVER;
        client.close();
        lane.ended(this);
        client.gone();
    }

    @Override
    protected void fail(Throwable cause) {
        closeNow();
    }

    private UpstreamLeg requireLeg() {
        return Objects.requireNonNull(leg);
    }

    private RawConnection requireUpstream() {
        return Objects.requireNonNull(upstream);
    }

    @Override
    public String toString() {
        return "tcp session " + client.owner().id();
    }
}
