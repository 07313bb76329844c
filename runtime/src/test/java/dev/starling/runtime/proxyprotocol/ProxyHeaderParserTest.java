package dev.starling.runtime.proxyprotocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.proxyprotocol.Parsed.Complete;
import dev.starling.runtime.proxyprotocol.Parsed.Incomplete;
import dev.starling.runtime.proxyprotocol.Parsed.Malformed;
import dev.starling.runtime.proxyprotocol.ProxyHeader.Addresses;
import dev.starling.runtime.proxyprotocol.ProxyHeader.Tlv;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderParserTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final Addresses IPV4 =
            new Addresses(new InetSocketAddress("1.2.3.4", 258), new InetSocketAddress("5.6.7.8", 772));

    @Test
    void readsALine() {
        assertThat(parse("PROXY TCP4 1.2.3.4 5.6.7.8 258 772\r\nrest"))
                .isEqualTo(new Complete(1, 36, new ProxyHeader(Optional.of(IPV4), List.of())));
        assertThat(parse("PROXY TCP6 2001:db8::2 2001:db8::1 1 2\r\n"))
                .isEqualTo(new Complete(
                        1,
                        40,
                        new ProxyHeader(
                                Optional.of(new Addresses(
                                        new InetSocketAddress("2001:db8::2", 1),
                                        new InetSocketAddress("2001:db8::1", 2))),
                                List.of())));
        assertThat(parse("PROXY UNKNOWN whatever it says\r\n"))
                .isEqualTo(new Complete(1, 32, new ProxyHeader(Optional.empty(), List.of())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 1.2.3.4 5.6.7.8 258 65536\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 258\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 258 772 1\r\n",
                "PROXY TCP4 1.2.3.4  5.6.7.8 258 772\r\n",
                "PROXY TCP4 ::1 ::1 258 772\r\n",
                "PROXY TCP6 1.2.3.4 5.6.7.8 258 772\r\n",
                "PROXY UDP4 1.2.3.4 5.6.7.8 258 772\r\n",
                "PROXY TCP4 0.0.0.0 5.6.7.8 258 772\r\n",
                "PROXY TCP4 1.2.3.4 224.0.0.1 258 772\r\n",
                "PROXY TCP4 1.2.3.4 255.255.255.255 258 772\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 -1 772\r\n",
                "PROXY TCP4 1.2.3.04 5.6.7.8 258 772\r\n",
                "PROXY TCP4 01.2.3.4 5.6.7.8 258 772\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8  772\r\n",
                "PROXY \r\n",
            })
    void refusesALine(String line) {
        assertThat(parse(line)).isEqualTo(new Malformed(1));
    }

    @Test
    void waitsForNoMoreThanTheLongestLine() {
        assertThat(parse("PROXY UNKNOWN" + " ".repeat(94))).isEqualTo(new Incomplete(0, 232));
        assertThat(parse("PROXY UNKNOWN" + " ".repeat(95))).isEqualTo(new Parsed.TooLong(false));
        assertThat(parse("PROXY UNKNOWN" + " ".repeat(93) + "\r\n")).isInstanceOf(Complete.class);
        assertThat(parse("PROXY UNKNOWN" + " ".repeat(94) + "\r\n")).isEqualTo(new Parsed.TooLong(true));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            21 11 000c 01020304 05060708 0102 0304
            21 11 0013 01020304 05060708 0102 0304 02 0001 61 03 0000
            20 00 0000
            20 00 0004 01 0001 00
            20 00 0002 0100
            20 11 000c 01020304 05060708 0102 0304
            21 12 000c 01020304 05060708 0102 0304
            """)
    void readsBinaryHeadersAtEverySplit(String hex) {
        byte[] bytes = binary(hex);
        for (int i = 1; i < bytes.length; i++) {
            assertThat(ProxyHeaderParser.parse(Unpooled.wrappedBuffer(bytes, 0, i)))
                    .as("after " + i)
                    .isInstanceOf(Incomplete.class);
        }
        assertThat(ProxyHeaderParser.parse(Unpooled.wrappedBuffer(bytes))).isInstanceOf(Complete.class);
    }

    @Test
    void readsTlvs() {
        var parsed = (Complete) ProxyHeaderParser.parse(
                Unpooled.wrappedBuffer(binary("21 11 0013 01020304 05060708 0102 0304 02 0001 61 03 0000")));

        assertThat(parsed.length()).isEqualTo(35);
        assertThat(parsed.header())
                .isEqualTo(new ProxyHeader(
                        Optional.of(IPV4), List.of(new Tlv(2, new byte[] {'a'}), new Tlv(3, new byte[0]))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "11 11 000c 01020304 05060708 0102 0304",
                "22 11 000c 01020304 05060708 0102 0304",
                "21 13 000c 01020304 05060708 0102 0304",
                "21 00 0000",
                "21 31 00d8",
                "21 11 000b 01020304 05060708 0102 03",
                "21 11 000c 00000000 05060708 0102 0304",
                "21 11 000e 01020304 05060708 0102 0304 0100",
                "21 11 0010 01020304 05060708 0102 0304 01000200",
            })
    void refusesBinaryHeaders(String hex) {
        assertThat(ProxyHeaderParser.parse(Unpooled.wrappedBuffer(binary(hex)))).isEqualTo(new Malformed(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "PROXI", "\r\n\r\n\1", "proxy TCP4"})
    void seesThatThereIsNone(String bytes) {
        assertThat(parse(bytes)).isEqualTo(Parsed.Missing.MISSING);
    }

    private static byte[] binary(String hex) {
        return ByteBufUtil.decodeHexDump(SIGNATURE + hex.replace(" ", ""));
    }

    private static Parsed parse(String bytes) {
        return ProxyHeaderParser.parse(Unpooled.wrappedBuffer(bytes.getBytes(ISO_8859_1)));
    }
}
