package dev.starling.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageFrameTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2048, 2049, 100_000})
    void hasItsLengthBeforeIt(int length) throws BrokenFrame {
        byte[] bytes = new byte[length + 7];
        new Random(length).nextBytes(bytes);
        ByteBuffer message = ByteBuffer.wrap(bytes, 3, length).asReadOnlyBuffer();

        ByteBuf frame = MessageFrame.of(message);

        assertThat(frame.readableBytes()).isEqualTo(5 + length);
        assertThat(message.remaining()).isEqualTo(length); // may be sent to others too
        MessageReader reader = new MessageReader(length);
        reader.add(frame);
        assertThat(reader.next()).isEqualTo(ByteBuffer.wrap(bytes, 3, length));
    }
}
