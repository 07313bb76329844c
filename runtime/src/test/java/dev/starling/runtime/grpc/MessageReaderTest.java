package dev.starling.runtime.grpc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageReaderTest {

    private final MessageReader reader = new MessageReader(1000);

    private static ByteBuf frame(int flags, String message) {
        return Unpooled.buffer()
                .writeByte(flags)
                .writeInt(message.length())
                .writeBytes(message.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String next() throws BrokenFrame {
        return StandardCharsets.UTF_8.decode(requireNonNull(reader.next())).toString();
    }

    private List<String> all() throws BrokenFrame {
        List<String> messages = new ArrayList<>();
        for (ByteBuffer next = reader.next(); next != null; next = reader.next()) {
            messages.add(StandardCharsets.UTF_8.decode(next).toString());
        }
        return messages;
    }

    @Test
    void takesMessagesHoweverTheirBytesAreSplit() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            ByteBuf wire = Unpooled.buffer();
            List<String> sent = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                String message = "x".repeat(random.nextInt(3) * random.nextInt(300));
                sent.add(message);
                wire.writeBytes(frame(0, message));
            }
            List<String> taken = new ArrayList<>();
            int length = wire.readableBytes();
            int consumed = 0;
            while (wire.isReadable()) {
                reader.add(wire.readRetainedSlice(1 + random.nextInt(Math.min(wire.readableBytes(), 200))));
                taken.addAll(all());
                consumed += reader.takeConsumed();
            }
            assertThat(taken).as("seed %d", seed).isEqualTo(sent);
            assertThat(consumed).as("seed %d", seed).isEqualTo(length);
            assertThat(wire.refCnt()).as("seed %d", seed).isEqualTo(1);
            wire.release();
        }
    }

    @Test
    void leavesWhatIsBehindAMessageUntouched() throws Exception {
        reader.add(Unpooled.wrappedBuffer(frame(0, "one"), frame(0, "second")));

        assertThat(next()).isEqualTo("one");
        assertThat(reader.takeConsumed()).isEqualTo(8);
        assertThat(reader.isEmpty()).isFalse();
        assertThat(next()).isEqualTo("second");
        assertThat(reader.takeConsumed()).isEqualTo(11);
        assertThat(reader.isEmpty()).isTrue();
    }

    @Test
    void anEmptyMessageMaySayThatItIsCompressed() throws Exception {
        reader.add(frame(1, ""));
        assertThat(next()).isEmpty();
    }

    @Test
    void refusesWhatIsNoMessage() {
        assertThat(refused(frame(1, "x")).status()).isEqualTo(13);
        assertThat(refused(frame(2, "")).status()).isEqualTo(13);
        assertThat(refused(frame(0x80, "x")).status()).isEqualTo(13);
    }

    @Test
    void refusesAMessageByItsLengthAlone() {
        assertThat(refused(Unpooled.buffer().writeByte(0).writeInt(1001))).satisfies(tooLong -> {
            assertThat(tooLong.status()).isEqualTo(8);
            assertThat(tooLong).hasMessage("a message of 1001 bytes, 1000 are allowed");
        });
        assertThat(refused(Unpooled.buffer().writeByte(0).writeInt(-1)).status())
                .isEqualTo(8);
    }

    private static BrokenFrame refused(ByteBuf bytes) {
        MessageReader fresh = new MessageReader(1000);
        fresh.add(bytes);
        var thrown = assertThatExceptionOfType(BrokenFrame.class).isThrownBy(fresh::next);
        fresh.release();
        assertThat(bytes.refCnt()).isZero();
        return thrown.actual();
    }
}
