package dev.starling.runtime.codec.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written is read back by our decoder and by Netty's. */
class HpackEncoderTest {

    private final HpackEncoder encoder = new HpackEncoder(4096);
    private final HpackDecoder decoder = new HpackDecoder(4096, 4096);
    private final HeaderBlock block = new HeaderBlock(1 << 20, 100);

    private byte[] encode(List<String> lines) {
        int bound = 32;
        for (String line : lines) {
            bound += line.length() + HpackEncoder.FIELD_OVERHEAD;
        }
        byte[] out = new byte[bound];
        int at = encoder.begin(out, 0);
        for (String line : lines) {
            String name = Blocks.name(line);
            String value = Blocks.value(line);
            byte[] from = (name + value).getBytes(StandardCharsets.ISO_8859_1);
            at = encoder.field(
                    out, at, from, name.hashCode(), 0, name.length(), name.length(), from.length - name.length());
        }
        return Arrays.copyOf(out, at);
    }

    private List<String> decode(byte[] bytes) throws HpackException {
        decoder.decode(bytes, 0, bytes.length, block);
        return Blocks.lines(block);
    }

    @Test
    void writesWhatIsReadBack() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("HpackEncoderTest seed " + seed);
        Random random = new Random(seed);
        DefaultHttp2HeadersDecoder netty = new DefaultHttp2HeadersDecoder(false, 1 << 20);

        for (int i = 0; i < 500; i++) {
            if (random.nextInt(20) == 0) {
                encoder.tableBytes(random.nextInt(5000));
            }
            List<String> lines = Blocks.random(random);
            byte[] bytes = encode(lines);

            assertThat(decode(bytes)).isEqualTo(lines);
            Http2Headers read = netty.decodeHeaders(3, Unpooled.wrappedBuffer(bytes));
            List<String> theirs = new ArrayList<>();
            for (Map.Entry<CharSequence, CharSequence> field : read) {
                theirs.add(field.getKey() + ": " + field.getValue());
            }
            assertThat(theirs).containsExactlyInAnyOrderElementsOf(lines);
        }
    }

    @Test
    void writesAFieldThatComesForTheThirdTimeAsOneByte() {
        List<String> lines = List.of("server: envoy");

        assertThat(encode(lines)).hasSize(2 + 1 + 5);
        assertThat(encode(lines)).hasSize(1 + 1 + 5);
        assertThat(encode(lines)).hasSize(1);
    }

    @Test
    void neverIndexesWhatAuthenticates() {
        List<String> lines = List.of("authorization: secret");

        for (int i = 0; i < 5; i++) {
            assertThat(encode(lines)).startsWith(0x1f, 23 - 15);
        }
    }

    @Test
    void saysFirstWhatTheTableHasBecome() throws HpackException {
        List<String> lines = List.of("server: envoy");
        encode(lines);
        assertThat(decode(encode(lines))).isEqualTo(lines);
        encoder.tableBytes(0);
        encoder.tableBytes(100);

        byte[] bytes = encode(lines);

        assertThat(bytes).startsWith(0x20, 0x3f, 100 - 31);
        assertThat(decode(bytes)).isEqualTo(lines);
    }

    @Test
    void writesEveryStatus() throws HpackException {
        for (int status = 100; status < 600; status++) {
            byte[] out = new byte[8];
            int end = encoder.status(out, 0, status);

            assertThat(decode(Arrays.copyOf(out, end))).containsExactly(":status: " + status);
        }
    }
}
