package dev.starling.runtime.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.ByteCount;
import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.Cluster;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.time.HeldClock;
import io.netty.channel.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ConnectingIT {

    private static final Cluster HURRIED =
            ProxyFixture.cluster("one", Duration.ofMillis(50), ByteCount.mebibytes(1), CircuitBreakers.DEFAULT);

    private final HeldClock clock = new HeldClock();
    private final List<StreamReset> failures = new CopyOnWriteArrayList<>();

    private final Connecting.Outcome outcome = new Connecting.Outcome() {
        @Override
        public void connected(Channel channel) {
            throw new AssertionError("connected to " + channel);
        }

        @Override
        public void failed(StreamReset reason, String detail) {
            failures.add(reason);
        }
    };

    @Test
    void closesTheSocketWhenTheTimeIsOverAndTellsItOnce() throws IOException {
        try (var hanging = new HangingEndpoint()) {
            try (var proxy = ProxyFixture.start(1, clock.clock())) {
                Connecting connecting = new Connecting(
                        proxy.loop(), proxy.context().loops().transport(), hanging.address(), HURRIED, null, outcome);
                ProxyFixture.on(proxy.loop(), () -> {
                    connecting.start();
                    return true;
                });
                clock.advance(Duration.ofMillis(60));
                proxy.eventually("a failure", () -> !failures.isEmpty());
            }
            // Had the socket been left open, the proxy would have closed it now, which is another failure.
            assertThat(failures).containsExactly(StreamReset.CONNECTION_TIMEOUT);
        }
    }
}
