package dev.starling.runtime.network;

import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.network.ConnectionGate.Admission;
import dev.starling.runtime.stats.Counter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A terminal network filter behind gates. Immutable.
 *
 * @param missing counts what comes while a filter has no configuration; null if none waits for any
 */
record GatedFilter(
        List<ConnectionGate> gates,
        NetworkFilter terminal,
        @Nullable Counter missing) implements NetworkFilter {

    GatedFilter {
        gates = List.copyOf(gates);
    }

    @Override
    public LoopFilter onLoop(Loop loop) {
        return new Lane(gates, terminal.onLoop(loop), missing, loop);
    }

    /** Those that pass are the terminal filter's; those that do not are kept here until they are closed. */
    private static final class Lane implements LoopFilter {

        private final List<ConnectionGate> gates;
        private final LoopFilter terminal;
        private final @Nullable Counter missing;
        private final Loop loop;
        private final Set<Refusal> refused = new HashSet<>();

        Lane(List<ConnectionGate> gates, LoopFilter terminal, @Nullable Counter missing, Loop loop) {
            this.gates = gates;
            this.terminal = terminal;
            this.missing = missing;
            this.loop = loop;
        }

        @Override
        public boolean configured() {
            return missing == null || (terminal.configured() && gates.stream().allMatch(ConnectionGate::configured));
        }

        @Override
        public void accept(Channel channel, ConnectionOwner owner) {
            if (missing != null && !configured()) {
                missing.inc(loop.stats());
                new Refusal(channel, owner).begin(Duration.ZERO);
                return;
            }
            for (ConnectionGate gate : gates) {
                Admission admission = gate.admit(owner, loop);
                channel.closeFuture().addListener(_ -> admission.atEnd().run());
                if (!admission.passes()) {
                    new Refusal(channel, owner).begin(admission.delay());
                    return;
                }
            }
            terminal.accept(channel, owner);
        }

        @Override
        public void drain() {
            terminal.drain();
        }

        @Override
        public boolean draining() {
            return terminal.draining();
        }

        @Override
        public void closeAll() {
            List.copyOf(refused).forEach(Refusal::close);
            terminal.closeAll();
        }

        @Override
        public void retire(Runnable afterLast) {
            terminal.retire(afterLast);
        }

        @Override
        public int connections() {
            return terminal.connections() + refused.size();
        }

        /** A connection that is not let in, until it is closed. What it sends is dropped. */
        private final class Refusal extends ChannelInboundHandlerAdapter {

            private final Channel channel;
            private final ConnectionOwner owner;
            private final Delay delay = new Delay();

            Refusal(Channel channel, ConnectionOwner owner) {
                this.channel = channel;
                this.owner = owner;
            }

            void begin(Duration time) {
                refused.add(this);
                channel.closeFuture().addListener(_ -> {
                    delay.cancel();
                    refused.remove(this);
                    owner.closed(channel);
                });
                channel.pipeline().addLast(this);
                if (time.isZero()) {
                    close();
                } else {
                    loop.timers().arm(delay, time.toNanos());
                }
            }

            void close() {
                channel.close();
            }

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ReferenceCountUtil.release(message);
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                close();
            }

            private final class Delay extends TimerWheel.Timer {
                @Override
                protected void expired() {
                    close();
                }
            }
        }
    }
}
