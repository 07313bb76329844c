package dev.starling.runtime.upstream.probe;

import dev.starling.config.cluster.Cluster;
import dev.starling.healthcheck.active.ProbeResult;
import dev.starling.healthcheck.active.Prober;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Transport;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.tls.EndpointTls;
import dev.starling.runtime.upstream.Connecting;
import io.netty.channel.Channel;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint's dedicated connection, made when a check wants one, and the check in flight on it. Confined to its loop but for
 * the two entries.
 */
abstract class EndpointProbe implements Prober.Probe, Connecting.Outcome {

    /**
     * Who is asked, and how.
     *
     * @param reuse whether the connection is kept from check to check
     */
    record Asked(
            Loop loop,
            Transport transport,
            Cluster settings,
            @Nullable EndpointTls tls,
            Endpoint endpoint,
            boolean reuse) {

        int bufferLimit() {
            return settings.perConnectionBufferLimit().clampedToInt();
        }
    }

    protected final Asked asked;
    private @Nullable Connecting connecting;
    private @Nullable Consumer<ProbeResult> done;

    protected EndpointProbe(Asked asked) {
        this.asked = asked;
    }

    /** Asks on the connection there is; false if there is none that can be used. */
    protected abstract boolean askAgain();

    /** The connection, if there is one, is of no use any more. */
    protected abstract void close();

    @Override
    public final void start(Consumer<ProbeResult> result) {
        onLoop(() -> {
            done = result;
            if (!askAgain()) {
                connecting = new Connecting(
                        asked.loop(),
                        asked.transport(),
                        ClusterProber.address(asked.endpoint()),
                        asked.settings(),
                        asked.tls(),
                        this);
                connecting.start();
            }
        });
    }

    @Override
    public final void cancel() {
        onLoop(() -> {
            done = null;
            if (connecting != null) {
                connecting.cancel();
                connecting = null;
            }
            close();
        });
    }

    private void onLoop(Runnable task) {
        try {
            asked.loop().eventLoop().execute(task);
        } catch (RejectedExecutionException loopHasEnded) {
            // So has everything that could be checked.
        }
    }

    @Override
    public final void connected(Channel channel) {
        connecting = null;
        begin(channel);
    }

    /** Asks on a connection that is new. */
    protected abstract void begin(Channel channel);

    @Override
    public final void failed(StreamReset reason, String detail) {
        connecting = null;
        fail(reason, detail);
    }

    protected final void fail(StreamReset reason, String detail) {
        conclude(new ProbeResult.NetworkFailure(detail.isEmpty() ? reason.text() : detail));
    }

    /** Whether an answer is waited for. */
    protected final boolean asking() {
        return done != null;
    }

    protected final void conclude(ProbeResult result) {
        Consumer<ProbeResult> told = done;
        done = null;
        if (told != null) {
            told.accept(result);
        }
    }
}
