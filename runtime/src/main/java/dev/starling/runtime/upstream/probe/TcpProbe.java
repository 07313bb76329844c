package dev.starling.runtime.upstream.probe;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.HealthCheck;
import dev.starling.healthcheck.active.ProbeResult;
import dev.starling.healthcheck.active.Prober;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Transport;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.tls.EndpointTls;
import dev.starling.runtime.upstream.Connecting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint's dedicated connection of TCP and the check in flight on it: it passes when all that is expected has come, in its
 * order and with anything in between; where nothing is expected, when the connection is there, which is closed then (Envoy:
 * {@code TcpHealthCheckerImpl}). Confined to its loop but for the two entries.
 */
final class TcpProbe implements Prober.Probe, Connecting.Outcome {

    private final Loop loop;
    private final Transport transport;
    private final Cluster settings;
    private final @Nullable EndpointTls tls;
    private final Endpoint endpoint;
    private final boolean reuse;
    private final HealthCheck.Probe.Tcp probe;
    private final ExpectedBytes expected;

    private @Nullable Connecting connecting;
    private @Nullable Channel connection;
    private @Nullable Consumer<ProbeResult> done;

    /** @param reuse whether the connection is kept from check to check */
    TcpProbe(
            Loop loop,
            Transport transport,
            Cluster settings,
            @Nullable EndpointTls tls,
            Endpoint endpoint,
            boolean reuse,
            HealthCheck.Probe.Tcp probe) {
        this.loop = loop;
        this.transport = transport;
        this.settings = settings;
        this.tls = tls;
        this.endpoint = endpoint;
        this.reuse = reuse;
        this.probe = probe;
        this.expected = new ExpectedBytes(
                probe.receive(), settings.perConnectionBufferLimit().clampedToInt());
    }

    @Override
    public void start(Consumer<ProbeResult> result) {
        onLoop(() -> {
            done = result;
            Channel open = connection;
            if (open != null && open.isActive()) {
                ask(open);
            } else {
                connection = null;
                connecting = new Connecting(loop, transport, ClusterProber.address(endpoint), settings, tls, this);
                connecting.start();
            }
        });
    }

    @Override
    public void cancel() {
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
            loop.eventLoop().execute(task);
        } catch (RejectedExecutionException loopHasEnded) {
            // So has everything that could be checked.
        }
    }

    @Override
    public void connected(Channel channel) {
        connecting = null;
        connection = channel;
        if (probe.receive().isEmpty()) {
            conclude(new ProbeResult.Passed(false));
            close();
            return;
        }
        channel.pipeline().addLast(new Answers());
        channel.config().setAutoRead(true);
        ask(channel);
    }

    @Override
    public void failed(StreamReset reason, String detail) {
        connecting = null;
        conclude(new ProbeResult.NetworkFailure(detail.isEmpty() ? reason.text() : detail));
    }

    private void ask(Channel open) {
        expected.begin();
        ByteBuffer send = probe.send();
        if (send.hasRemaining()) {
            open.writeAndFlush(Unpooled.wrappedBuffer(send));
        }
    }

    private void answered(ByteBuf bytes) {
        if (done == null) {
            return; // said between checks
        }
        switch (expected.after(bytes)) {
            case MORE -> {}
            case ALL -> {
                conclude(new ProbeResult.Passed(false));
                if (!reuse) {
                    close();
                }
            }
            case TOO_MUCH -> {
                conclude(new ProbeResult.NetworkFailure("too many bytes without what is expected"));
                close();
            }
        }
    }

    private void conclude(ProbeResult result) {
        Consumer<ProbeResult> told = done;
        done = null;
        if (told != null) {
            told.accept(result);
        }
    }

    private void close() {
        Channel open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    private final class Answers extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            answered(bytes);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (context.channel().equals(connection)) {
                connection = null;
                conclude(new ProbeResult.NetworkFailure("connection closed"));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
            context.close(); // which says the rest
        }
    }
}
