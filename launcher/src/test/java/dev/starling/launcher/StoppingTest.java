package dev.starling.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StoppingTest {

    private final AtomicInteger halts = new AtomicInteger();
    private final FakeProxy proxy = new FakeProxy(new InetSocketAddress(0), Optional.empty());
    private final Stopping stopping = new Stopping(Duration.ofSeconds(25), halts::incrementAndGet);

    @Test
    void endsAProcessThatDoesNotServeYet() {
        stopping.signal("TERM");

        assertThat(halts).hasValue(1);
    }

    @Test
    void givesExchangesTheirGraceAtTheFirstSignal() {
        stopping.started(proxy);

        stopping.signal("TERM");

        assertThat(proxy.graces).containsExactly(Duration.ofSeconds(25));
        assertThat(halts).hasValue(0);
    }

    @Test
    void endsThemAtTheSecondAndTheProcessAtTheThird() {
        stopping.started(proxy);

        stopping.signal("TERM");
        stopping.signal("INT");
        assertThat(proxy.graces).containsExactly(Duration.ofSeconds(25), Duration.ZERO);
        assertThat(halts).hasValue(0);

        stopping.signal("INT");
        assertThat(halts).hasValue(1);
    }
}
