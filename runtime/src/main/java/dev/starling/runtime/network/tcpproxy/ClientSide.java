package dev.starling.runtime.network.tcpproxy;

import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.network.RawConnection;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What every session of the TCP proxy has of its client, whatever carries the bytes on: the connection, how long it may last
 * and be idle, and its entry in the log. Confined to the loop.
 */
final class ClientSide {

    private final TcpProxyFilter filter;
    private final Loop loop;
    private final StringBuilder logScratch;
    private final ConnectionOwner owner;
    private final RawConnection connection;
    private final IdleWatch idle;
    private @Nullable DurationTimer durationTimer;
    private boolean durationOver;
    private boolean logged;

    /** @param session gets a turn when something has happened, and when time is up */
    ClientSide(
            TcpProxyFilter filter,
            Loop loop,
            StringBuilder logScratch,
            Channel channel,
            ConnectionOwner owner,
            RawConnection.Owner session) {
        this.filter = filter;
        this.loop = loop;
        this.logScratch = logScratch;
        this.owner = owner;
        this.idle = new IdleWatch(loop, filter.config().idleTimeout().toNanos(), session::onEvent);
        this.connection = RawConnection.over(channel, loop, session).reportBuffered(filter.stats().txBytesBuffered);
        filter.stats().cxTotal.inc(loop.stats());
        filter.config().maxDownstreamConnectionDuration().ifPresent(limit -> {
            durationTimer = new DurationTimer(session);
            loop.timers().arm(durationTimer, limit.toNanos());
        });
        idle.start();
    }

    RawConnection connection() {
        return connection;
    }

    ConnectionOwner owner() {
        return owner;
    }

    StreamInfo info() {
        return owner.info();
    }

    /** Something has passed. */
    void active() {
        idle.active();
    }

    /** Whether the connection is older than it may be; flagged and counted then. */
    boolean lastedTooLong() {
        if (durationOver) {
            info().flag(ResponseFlag.DT);
            filter.stats().maxDuration.inc(loop.stats());
        }
        return durationOver;
    }

    /**
     * Whether nothing has passed for too long; counted then.
     *
     * @param waitingBytes that have not left yet
     */
    boolean idledTooLong(long waitingBytes) {
        boolean over = idle.over(waitingBytes);
        if (over) {
            filter.stats().idleTimeout.inc(loop.stats());
        }
        return over;
    }

    /** The session is over: closes, if it is still open. */
    void close() {
        idle.cancel();
        if (durationTimer != null) {
            durationTimer.cancel();
        }
        connection.close();
    }

    /** The connection is gone: the listener is told, and the log. Once. */
    void gone() {
        if (!logged) {
            logged = true;
            StreamInfo info = info();
            info.endNanos = loop.nanoTime();
            owner.closed(connection.channel());
            info.accessLogType = "TcpConnectionEnd";
            filter.log(info, loop, logScratch);
        }
    }

    private final class DurationTimer extends TimerWheel.Timer {

        private final RawConnection.Owner session;

        DurationTimer(RawConnection.Owner session) {
            this.session = session;
        }

        @Override
        protected void expired() {
            durationOver = true;
            session.onEvent();
        }
    }
}
