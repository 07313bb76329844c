package dev.starling.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.loop.Ready;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection of which nothing is wanted for a while: what happens to it meanwhile is neither missed nor too much. */
@Timeout(60)
class RawConnectionIT {

    private static final byte[] SOME = new byte[32 * 1024];
    private static final int MORE_THAN_SOCKETS_HOLD = 16 * 1024 * 1024;

    /** Turns in which the loop looks at its sockets: one would do. */
    private static final int TURNS = 5;

    private ProxyFixture proxy;
    private Socket peer;
    private Held held;

    /** Does nothing with its connection: the test does. */
    private static final class Held extends Ready implements RawSession, RawConnection.Owner {

        private final RawLane<Held> lane;
        private final RawConnection connection;
        private final ConnectionOwner owner;

        Held(RawLane<Held> lane, Channel channel, ConnectionOwner owner) {
            this.lane = lane;
            this.connection = RawConnection.over(channel, lane.loop(), this);
            this.owner = owner;
        }

        @Override
        public void onEvent() {}

        @Override
        public void turn() {}

        @Override
        public void closeNow() {
            connection.close();
            owner.closed(connection.channel());
            lane.ended(this);
        }

        @Override
        protected void fail(Throwable cause) {
            closeNow();
        }
    }

    @BeforeEach
    void connect() throws Exception {
        CompletableFuture<Held> accepted = new CompletableFuture<>();
        proxy = ProxyFixture.start();
        InetSocketAddress address = proxy.listen(context ->
                loop -> new RawLane<Held>(loop, context.proxy().system(), "held", (lane, channel, owner) -> {
                    Held session = new Held(lane, channel, owner);
                    accepted.complete(session);
                    return session;
                }));
        peer = new Socket(address.getAddress(), address.getPort());
        held = accepted.get(ProxyFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        proxy.close();
    }

    @Test
    void readsNothingThatIsNotWantedThoughThePeerHasEnded() throws IOException {
        peer.getOutputStream().write(SOME);
        peer.shutdownOutput();
        turnAround();
        assertThat(onLoop(held.connection::poll)).isNull();
        assertThat(onLoop(held.connection::inputEnded)).isFalse();

        assertThat(readToTheEnd()).isEqualTo(SOME.length);
        assertThat(onLoop(held.connection::broken)).isFalse();
    }

    @Test
    void hearsAResetThoughNothingIsRead() throws IOException {
        turnAround();
        reset();
        proxy.eventually("broken", held.connection::broken);
    }

    @Test
    void hearsAResetBehindBytesThatAreNotRead() throws IOException {
        peer.getOutputStream().write(SOME);
        reset();
        proxy.eventually("broken", held.connection::broken);
    }

    @Test
    void hearsAResetBehindAnEnd() throws IOException {
        peer.shutdownOutput();
        assertThat(readToTheEnd()).isZero();
        turnAround();
        reset();
        proxy.eventually("broken", held.connection::broken);
    }

    @Test
    void writesMoreThanSocketsHoldToAPeerThatHasEnded() throws IOException {
        peer.shutdownOutput();
        assertThat(readToTheEnd()).isZero();
        turnAround();
        onLoop(() -> {
            held.connection.write(Unpooled.wrappedBuffer(new byte[MORE_THAN_SOCKETS_HOLD]));
            held.connection.endOutput();
            return true;
        });

        assertThat(peer.getInputStream().readAllBytes()).hasSize(MORE_THAN_SOCKETS_HOLD);
        assertThat(onLoop(held.connection::pendingBytes)).isZero();
    }

    @Test
    void readsOnWhenBothHaveEndedWithBytesUnread() throws IOException {
        onLoop(() -> {
            held.connection.endOutput();
            return true;
        });
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
        peer.getOutputStream().write(SOME);
        peer.shutdownOutput(); // the kernel calls that a hang-up, for ever
        turnAround();

        assertThat(readToTheEnd()).isEqualTo(SOME.length);
        assertThat(onLoop(held.connection::peerEndedLast)).isTrue();
    }

    private int readToTheEnd() {
        int[] read = {0};
        onLoop(() -> {
            held.connection.read(true);
            return true;
        });
        proxy.eventually("all of it", () -> {
            for (ByteBuf bytes = held.connection.poll(); bytes != null; bytes = held.connection.poll()) {
                read[0] += bytes.readableBytes();
                bytes.release();
            }
            return held.connection.inputEnded();
        });
        return read[0];
    }

    private void turnAround() {
        int[] turns = {0};
        proxy.eventually("some turns", () -> ++turns[0] == TURNS);
    }

    private <T> T onLoop(Callable<T> question) {
        return ProxyFixture.on(proxy.loop(), question);
    }

    private void reset() throws IOException {
        peer.setSoLinger(true, 0);
        peer.close();
    }
}
