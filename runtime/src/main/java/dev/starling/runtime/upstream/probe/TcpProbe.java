package dev.starling.runtime.upstream.probe;

import dev.starling.config.cluster.HealthCheck;
import dev.starling.healthcheck.active.ProbeResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A check by bytes over TCP: it passes when all that is expected has come, in its
 * order and with anything in between; where nothing is expected, when the connection is there, which is closed then (Envoy:
 * {@code TcpHealthCheckerImpl}).
 */
final class TcpProbe extends EndpointProbe {

    private final HealthCheck.Probe.Tcp probe;
    private final ExpectedBytes expected;

    private @Nullable Channel connection;

    TcpProbe(Asked asked, HealthCheck.Probe.Tcp probe) {
        super(asked);
        this.probe = probe;
        this.expected = new ExpectedBytes(probe.receive(), asked.bufferLimit());
    }

    @Override
    protected boolean askAgain() {
        Channel open = connection;
        if (open == null || !open.isActive()) {
            connection = null;
            return false;
        }
        ask(open);
        return true;
    }

    @Override
    protected void begin(Channel channel) {
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

    private void ask(Channel open) {
        expected.begin();
        ByteBuffer send = probe.send();
        if (send.hasRemaining()) {
            open.writeAndFlush(Unpooled.wrappedBuffer(send));
        }
    }

    private void answered(ByteBuf bytes) {
        if (!asking()) {
            return; // said between checks
        }
        switch (expected.after(bytes)) {
            case MORE -> {}
            case ALL -> {
                conclude(new ProbeResult.Passed(false));
                if (!asked.reuse()) {
                    close();
                }
            }
            case TOO_MUCH -> {
                conclude(new ProbeResult.NetworkFailure("too many bytes without what is expected"));
                close();
            }
        }
    }

    @Override
    protected void close() {
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
