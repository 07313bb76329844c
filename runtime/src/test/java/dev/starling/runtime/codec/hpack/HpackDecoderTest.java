package dev.starling.runtime.codec.hpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of RFC 7541 appendix C, what Netty's encoder writes, and what must be refused. */
class HpackDecoderTest {

    private final HpackDecoder decoder = new HpackDecoder(4096, 4096);
    private final HeaderBlock block = new HeaderBlock(64 * 1024, 100);

    private List<String> decode(String hex) throws HpackException {
        byte[] bytes = Blocks.hex(hex);
        decoder.decode(bytes, 0, bytes.length, block);
        return Blocks.lines(block);
    }

    @Test
    void readsTheRequestsOfAppendixC3() throws HpackException {
        assertThat(decode("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"))
                .containsExactly(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
        assertThat(decode("8286 84be 5808 6e6f 2d63 6163 6865"))
                .containsExactly(
                        ":method: GET",
                        ":scheme: http",
                        ":path: /",
                        ":authority: www.example.com",
                        "cache-control: no-cache");
        assertThat(decode("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65"))
                .containsExactly(
                        ":method: GET",
                        ":scheme: https",
                        ":path: /index.html",
                        ":authority: www.example.com",
                        "custom-key: custom-value");
    }

    @Test
    void readsTheHuffmanCodedResponsesOfAppendixC6() throws HpackException {
        HpackDecoder small = new HpackDecoder(256, 256);
        byte[] first = Blocks.hex("4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6"
                + "2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3");
        byte[] second = Blocks.hex("4883 640e ffc1 c0bf");

        small.decode(first, 0, first.length, block);
        assertThat(Blocks.lines(block))
                .containsExactly(
                        ":status: 302",
                        "cache-control: private",
                        "date: Mon, 21 Oct 2013 20:13:21 GMT",
                        "location: https://www.example.com");

        small.decode(second, 0, second.length, block);
        assertThat(Blocks.lines(block))
                .containsExactly(
                        ":status: 307",
                        "cache-control: private",
                        "date: Mon, 21 Oct 2013 20:13:21 GMT",
                        "location: https://www.example.com");
    }

    @Test
    void readsWhatNettyWrites() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("HpackDecoderTest seed " + seed);
        Random random = new Random(seed);
        DefaultHttp2HeadersEncoder netty = new DefaultHttp2HeadersEncoder((_, _) -> false, false, 16, 16);

        for (int i = 0; i < 500; i++) {
            List<String> lines = Blocks.random(random);
            Http2Headers headers = new DefaultHttp2Headers(false);
            lines.forEach(line -> headers.add(AsciiString.of(Blocks.name(line)), AsciiString.of(Blocks.value(line))));
            ByteBuf encoded = Unpooled.buffer();
            netty.encodeHeaders(3, headers, encoded);
            byte[] bytes = ByteBufUtil.getBytes(encoded);
            encoded.release();

            decoder.decode(bytes, 0, bytes.length, block);

            assertThat(Blocks.lines(block)).containsExactlyInAnyOrderElementsOf(lines);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "80, no field 0",
        "be, no field 62",
        "ff ff ff ff ff 0f, integer too large",
        "ff 80 80 80 80 80 80, integer too large",
        "ff, block cut off",
        "40, block cut off",
        "40 05 61 62, block cut off",
        "40 01 61, block cut off",
        "82 20, table size update behind a field",
        "3f e2 1f, table larger than our settings allow",
        "40 84 ff ff ff ff 01 61, Huffman code of the end of a string",
        "40 82 1f ff 01 61, Huffman code cut off",
        "40 81 00 01 61, Huffman code cut off",
    })
    void refuses(String hex, String because) {
        assertThatThrownBy(() -> decode(hex)).isInstanceOf(HpackException.class).hasMessage(because);
    }

    @Test
    void takesSizeUpdatesAndForgetsWhatNoLongerFits() throws HpackException {
        decode("40 01 61 01 62");
        assertThat(decode("be")).containsExactly("a: b");

        assertThat(decode("20 3f e1 1f 82")).containsExactly(":method: GET");

        assertThatThrownBy(() -> decode("be")).hasMessage("no field 62");
    }

    @Test
    void emptiesTheTableForAFieldLargerThanIt() throws HpackException {
        decode("40 01 61 01 62");
        HpackDecoder tiny = new HpackDecoder(40, 40);
        byte[] fits = Blocks.hex("40 01 61 01 62");
        byte[] tooLarge = Blocks.hex("40 0a 61616161616161616161 01 62");
        byte[] asked = Blocks.hex("be");
        tiny.decode(fits, 0, fits.length, block);

        tiny.decode(tooLarge, 0, tooLarge.length, block);

        assertThat(Blocks.lines(block)).containsExactly("aaaaaaaaaa: b");
        assertThatThrownBy(() -> tiny.decode(asked, 0, 1, block)).hasMessage("no field 62");
    }

    @Test
    void keepsTheTableInStepWithABlockThatIsTooLarge() throws HpackException {
        HeaderBlock narrow = new HeaderBlock(12, 100);
        byte[] first = Blocks.hex("82 40 01 61 01 62 82 82");

        decoder.decode(first, 0, first.length, narrow);

        assertThat(narrow.tooLarge()).isTrue();
        assertThat(Blocks.lines(narrow)).containsExactly(":method: GET", "a: b");
        assertThat(decode("be")).containsExactly("a: b");
    }

    @Test
    void countsFields() throws HpackException {
        HeaderBlock few = new HeaderBlock(1000, 2);
        byte[] three = Blocks.hex("82 84 86");

        decoder.decode(three, 0, 3, few);

        assertThat(few.tooMany()).isTrue();
        assertThat(few.count()).isEqualTo(2);
    }

    @Test
    void givesTheFieldsBehindTheFirstAsHeaders() throws HpackException {
        decode("82 40 01 61 01 62 40 01 63 00");

        assertThat(block.headers(1, 16)).hasToString("a: b\nc: \n");
        assertThat(block.headers(3, 16).isEmpty()).isTrue();
    }
}
