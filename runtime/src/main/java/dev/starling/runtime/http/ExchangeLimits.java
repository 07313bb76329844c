package dev.starling.runtime.http;

import dev.starling.config.http.HttpTimeouts;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.grpc.GrpcStatus;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.loop.TimerWheel;
import org.jspecify.annotations.Nullable;

/**
 * How long an exchange may take: in silence, to send its request, and in all. It is itself the timer of the silence; the
 * other two exist only where they are configured. Confined to the loop.
 */
final class ExchangeLimits extends TimerWheel.Timer {

    private final Exchange exchange;
    private final ConnectionManagerLane lane;
    private TimerWheel.@Nullable Timer request;
    private TimerWheel.@Nullable Timer duration;
    private long activeNanos;

    ExchangeLimits(Exchange exchange, ConnectionManagerLane lane) {
        this.exchange = exchange;
        this.lane = lane;
        this.activeNanos = lane.loop().nanoTime();
    }

    /** Nothing has come of the exchange for too long. */
    static LocalReply silent(int status) {
        return LocalReply.of(status, "stream timeout", ResponseFlag.SI, "stream_idle_timeout");
    }

    /** The request takes too long to come. */
    static LocalReply slow() {
        return LocalReply.of(408, "request timeout", null, "request_overall_timeout");
    }

    /** The exchange takes too long in all. */
    static LocalReply lasting(int status) {
        return LocalReply.of(status, "downstream duration timeout", null, "max_duration_timeout")
                .withGrpcStatus(GrpcStatus.DEADLINE_EXCEEDED);
    }

    /** Something happens on the exchange. */
    void active() {
        activeNanos = lane.loop().nanoTime();
    }

    /** When something last happened. */
    long activeNanos() {
        return activeNanos;
    }

    void arm() {
        long idle = lane.idleNanos(exchange);
        if (idle > 0) {
            lane.loop().timers().arm(this, idle);
        }
        HttpTimeouts timeouts = lane.manager().config().timeouts();
        if (!exchange.requestComplete() && !timeouts.request().isZero()) {
            request = exchange.timer(this::requestTimedOut);
            lane.loop().timers().arm(request, timeouts.request().toNanos());
        }
        long longest = StreamDuration.limit(exchange, timeouts.maxStreamDuration());
        if (longest != StreamDuration.UNLIMITED) {
            duration = exchange.timer(this::tooLong);
            lane.loop().timers().arm(duration, longest);
        }
    }

    void requestCompleted() {
        if (request != null) {
            request.cancel();
        }
    }

    void cancelAll() {
        cancel();
        requestCompleted();
        if (duration != null) {
            duration.cancel();
        }
    }

    @Override
    protected void expired() {
        exchange.guarded("timer", this::idleExpired);
    }

    private void idleExpired() {
        long rest = lane.idleNanos(exchange) - (lane.loop().nanoTime() - activeNanos);
        if (rest > 0) {
            lane.loop().timers().arm(this, rest);
            return;
        }
        stats().rqIdleTimeout.inc(lane.loop().stats());
        if (exchange.responding()) {
            exchange.breakOff(ResponseFlag.SI, "stream_idle_timeout");
        } else {
            exchange.sendLocalReply(silent(late()));
        }
    }

    private void requestTimedOut() {
        stats().rqTimeout.inc(lane.loop().stats());
        exchange.sendLocalReply(slow());
    }

    private void tooLong() {
        stats().rqMaxDurationReached.inc(lane.loop().stats());
        if (exchange.responding()) {
            exchange.breakOff(null, "max_duration_timeout");
        } else {
            exchange.sendLocalReply(lasting(late()));
        }
    }

    /** Whose fault it is: the client's as long as its request is not complete. */
    private int late() {
        return exchange.requestComplete() ? 504 : 408;
    }

    private ConnectionManagerStats stats() {
        return lane.manager().stats();
    }
}
