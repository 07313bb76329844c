package dev.starling.runtime.http;

import dev.starling.runtime.codec.Output;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.tls.OutputEnd;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;

/**
 * The end of a client's connection ({@code delayed_close_timeout}): everything written leaves, then it closes. If the client
 * may still be sending, our side is closed first and what comes is dropped for a while, so that a reset does not overtake the
 * answer. A client that takes nothing for that while is not waited for. Confined to the loop.
 */
final class DelayedClose extends TimerWheel.Timer {

    private final Loop loop;
    private final Channel channel;
    private final Output output;
    private final long nanos;
    private final Counter timeouts;
    private long unsentBytes;

    /** @param delay zero for no limit, and no wait for what the client may still be sending */
    DelayedClose(Loop loop, Channel channel, Output output, Duration delay, Counter timeouts) {
        this.loop = loop;
        this.channel = channel;
        this.output = output;
        this.nanos = delay.toNanos();
        this.timeouts = timeouts;
    }

    /** Called once; the owner cancels the timer when the channel has closed. */
    void begin(boolean mayStillSend) {
        if (nanos > 0) {
            arm();
        }
        if (nanos > 0 && mayStillSend && channel instanceof DuplexChannel duplex) {
            output.afterFlush(() -> {
                if (channel.isActive()) {
                    OutputEnd.end(duplex);
                    arm();
                }
            });
        } else {
            output.afterFlush(channel::close);
        }
    }

    private void arm() {
        unsentBytes = output.unsentBytes();
        loop.timers().arm(this, nanos);
    }

    /** Time is up, unless the client has taken some of what is left. */
    @Override
    protected void expired() {
        if (output.unsentBytes() < unsentBytes) {
            arm();
        } else {
            timeouts.inc(loop.stats());
            channel.close();
        }
    }
}
