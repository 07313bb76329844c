package dev.starling.runtime.grpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages and their base64, however they are split. */
class FramesTest {

    private final long seed = System.identityHashCode(this);
    private final Random random = new Random(seed);

    private static byte[] frame(byte[] payload) {
        return Unpooled.buffer(5 + payload.length)
                .writeByte(0)
                .writeInt(payload.length)
                .writeBytes(payload)
                .array();
    }

    private List<byte[]> frames() {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] payload = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(50)];
            random.nextBytes(payload);
            frames.add(frame(payload));
        }
        return frames;
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private List<ByteBuf> split(byte[] bytes) {
        List<ByteBuf> parts = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, random.nextInt(9));
            parts.add(Unpooled.wrappedBuffer(bytes, at, length));
            at += length;
        }
        return parts;
    }

    @Test
    void countsEachMessageOnce() {
        for (int round = 0; round < 200; round++) {
            FrameCounter counter = new FrameCounter();
            int count = 0;
            for (ByteBuf part : split(joined(frames()))) {
                count += counter.begunIn(part);
            }
            assertThat(count).as("seed %d", seed).isEqualTo(20);
        }
    }

    @Test
    void countsAMessageOfFourGigabytesWithoutWaitingForIt() {
        FrameCounter counter = new FrameCounter();
        assertThat(counter.begunIn(Unpooled.wrappedBuffer(new byte[] {0, -1, -1, -1, -1, 1})))
                .isEqualTo(1);
        assertThat(counter.begunIn(Unpooled.wrappedBuffer(new byte[1000]))).isZero();
    }

    @Test
    void encodesEachMessageByItself() {
        for (int round = 0; round < 200; round++) {
            List<byte[]> frames = frames();
            StringBuilder expected = new StringBuilder();
            frames.forEach(frame -> expected.append(Base64.getEncoder().encodeToString(frame)));
            FrameText text = new FrameText();
            ByteBuf out = Unpooled.buffer();
            for (ByteBuf part : split(joined(frames))) {
                int bound = out.readableBytes() + FrameText.bound(part.readableBytes());
                text.encode(part, out);
                assertThat(out.readableBytes()).as("seed %d", seed).isLessThanOrEqualTo(bound);
            }
            assertThat(out.toString(ISO_8859_1)).as("seed %d", seed).isEqualTo(expected.toString());
        }
    }

    @Test
    void endsTheTextOfAMessageThatBreaksOff() {
        FrameText text = new FrameText();
        ByteBuf out = Unpooled.buffer();
        text.encode(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 0}), out);
        text.end(out);
        assertThat(out.toString(ISO_8859_1)).isEqualTo("AAAAAA==");
    }

    @Test
    void decodesTextWhereverItIsSplit() {
        for (int round = 0; round < 200; round++) {
            List<byte[]> frames = frames();
            StringBuilder encoded = new StringBuilder();
            frames.forEach(frame -> encoded.append(Base64.getEncoder().encodeToString(frame)));
            Base64Quanta decoder = new Base64Quanta();
            ByteBuf out = Unpooled.buffer();
            for (ByteBuf part : split(encoded.toString().getBytes(ISO_8859_1))) {
                assertThat(decoder.decode(part, out)).as("seed %d", seed).isTrue();
            }
            byte[] decoded = new byte[out.readableBytes()];
            out.readBytes(decoded);
            assertThat(decoded).as("seed %d", seed).isEqualTo(joined(frames));
            assertThat(decoder.unfinished()).isFalse();
        }
    }

    @Test
    void refusesWhatIsNotBase64() {
        for (String text : List.of("!AAA", "A===", "====", "A=AA", "AA=A", "AAA\n", "AA A", "AAA-")) {
            assertThat(new Base64Quanta().decode(Unpooled.copiedBuffer(text, ISO_8859_1), Unpooled.buffer()))
                    .as(text)
                    .isFalse();
        }
    }

    @Test
    void knowsThatTextIsUnfinished() {
        Base64Quanta decoder = new Base64Quanta();
        assertThat(decoder.decode(Unpooled.copiedBuffer("AAAAA", ISO_8859_1), Unpooled.buffer()))
                .isTrue();
        assertThat(decoder.unfinished()).isTrue();
    }
}
