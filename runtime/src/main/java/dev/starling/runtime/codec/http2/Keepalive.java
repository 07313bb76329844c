package dev.starling.runtime.codec.http2;

import dev.starling.config.http.Http2Keepalive;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import java.time.Duration;

/**
 * Asks a peer whether it is still there (Envoy's {@code KeepaliveSettings}): in intervals, and before a stream is opened on
 * a connection that has been silent. Confined to the loop.
 */
final class Keepalive {

    private final Loop loop;
    private final Http2Keepalive config;
    private final Runnable ping;
    private final Runnable lost;
    private final TimerWheel.Timer intervalTimer = new IntervalTimer();
    private final TimerWheel.Timer answerTimer = new AnswerTimer();
    private boolean asked;

    /**
     * @param ping sends a PING frame
     * @param lost no answer came in time
     */
    Keepalive(Loop loop, Http2Keepalive config, Runnable ping, Runnable lost) {
        this.loop = loop;
        this.config = config;
        this.ping = ping;
        this.lost = lost;
    }

    void start() {
        config.interval()
                .filter(interval -> !interval.isZero())
                .ifPresent(interval -> loop.timers().arm(intervalTimer, jittered(interval)));
    }

    private long jittered(Duration interval) {
        double longest = interval.toNanos() * config.jitter().value() / 100;
        return interval.toNanos() + (long) (loop.random().nextDouble() * longest);
    }

    private void ask() {
        if (!asked) {
            asked = true;
            ping.run();
            loop.timers().arm(answerTimer, config.timeout().toNanos());
        }
    }

    void answered() {
        if (asked) {
            asked = false;
            answerTimer.cancel();
            intervalTimer.cancel();
            start();
        }
    }

    /** @param silentNanos since the peer was heard last */
    void beforeStream(long silentNanos) {
        if (config.idleInterval().isPresent()
                && silentNanos >= config.idleInterval().get().toNanos()) {
            ask();
        }
    }

    void cancel() {
        intervalTimer.cancel();
        answerTimer.cancel();
    }

    private final class IntervalTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            ask();
        }
    }

    private final class AnswerTimer extends TimerWheel.Timer {
        @Override
        protected void expired() {
            lost.run();
        }
    }
}
