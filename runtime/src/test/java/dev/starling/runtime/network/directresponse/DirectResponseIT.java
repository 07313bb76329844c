package dev.starling.runtime.network.directresponse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.tcp.DirectResponse;
import dev.starling.runtime.listener.ProxyFixture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DirectResponseIT {

    @Test
    void answersAndCloses() throws IOException {
        assertThat(answer("hello".getBytes(StandardCharsets.US_ASCII)))
                .asString()
                .isEqualTo("hello");
    }

    @Test
    void closesAtOnceWhereThereIsNoAnswer() throws IOException {
        assertThat(answer(new byte[0])).isEmpty();
    }

    @Test
    void writesAnAnswerThatTheSocketDoesNotHold() throws IOException {
        byte[] large = new byte[16 * 1024 * 1024];
        Arrays.fill(large, (byte) 'x');

        assertThat(answer(large)).isEqualTo(large);
    }

    private static byte[] answer(byte[] response) throws IOException {
        try (var proxy = ProxyFixture.start()) {
            InetSocketAddress address =
                    proxy.listen(context -> new DirectResponseFactory().create(new DirectResponse(response), context));
            try (var client = new Socket(address.getAddress(), address.getPort())) {
                byte[] answer = client.getInputStream().readAllBytes();
                proxy.eventually("no session", () -> proxy.lane(0, proxy.loop()).connections() == 0);
                assertThat(proxy.counter("listener.fixture-0.downstream_cx_destroy"))
                        .isEqualTo(1);
                return answer;
            }
        }
    }
}
