package dev.starling.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransportTest {

    static Stream<Transport> transports() {
        return Stream.of(Transport.values()).filter(transport -> transport != Transport.EPOLL || Epoll.isAvailable());
    }

    /** Nobody sets this: it is Netty's default. */
    @ParameterizedTest
    @MethodSource("transports")
    void smallWritesAreNotDelayed(Transport transport) {
        Channel channel = transport.newChannel(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        try {
            assertThat(channel.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
        } finally {
            channel.unsafe().closeForcibly();
        }
    }
}
