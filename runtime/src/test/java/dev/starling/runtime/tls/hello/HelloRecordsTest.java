package dev.starling.runtime.tls.hello;

import static dev.starling.runtime.tls.hello.HelloRecords.State.COMPLETE;
import static dev.starling.runtime.tls.hello.HelloRecords.State.INCOMPLETE;
import static dev.starling.runtime.tls.hello.HelloRecords.State.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.tls.hello.HelloRecords.State;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelloRecordsTest {

    private static final Hello HELLO = new Hello()
            .serverName("WWW.Example.com")
            .protocols("h2", "http/1.1")
            .supportedVersions(0x0304);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 50, 10_000})
    void waitsAtEverySplitUntilAllRecordsAreThere(int recordBytes) {
        byte[] records = HELLO.records(recordBytes);

        for (int i = 0; i < records.length; i++) {
            assertThat(state(Arrays.copyOf(records, i))).as("after " + i).isEqualTo(INCOMPLETE);
        }
        HelloRecords whole = new HelloRecords();
        assertThat(whole.read(Unpooled.wrappedBuffer(records))).isEqualTo(COMPLETE);
        ClientHello hello = Objects.requireNonNull(whole.hello());
        assertThat(hello.serverName()).isEqualTo("www.example.com");
        assertThat(hello.applicationProtocols()).containsExactly("h2", "http/1.1");
        assertThat(whole.consumed()).isEqualTo(records.length);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            47455420 2f, OTHER
            160301, INCOMPLETE
            1603010000, INCOMPLETE
            1602010005 0100000100, OTHER
            1603014141, OTHER
            1703010001 00, OTHER
            1503010002 0200, OTHER
            1503010002 0100, CLOSED
            1503010002 015a, INCOMPLETE
            1603010004 01004001, OTHER
            1603010004 01004000, INCOMPLETE
            1603010006 010000010000, OTHER
            1603010005 0200000100, COMPLETE
            """)
    void judgesBytes(String hex, State expected) {
        assertThat(state(ByteBufUtil.decodeHexDump(hex.replace(" ", "")))).isEqualTo(expected);
    }

    @Test
    void endsEmptyRecordsAndWarnings() {
        byte[] empty = new byte[33 * 5];
        byte[] warnings = new byte[5 * 7];
        for (int i = 0; i < 33; i++) {
            System.arraycopy(new byte[] {22, 3, 1, 0, 0}, 0, empty, i * 5, 5);
        }
        for (int i = 0; i < 5; i++) {
            System.arraycopy(new byte[] {21, 3, 1, 0, 2, 1, 90}, 0, warnings, i * 7, 7);
        }

        assertThat(state(Arrays.copyOf(empty, 32 * 5))).isEqualTo(INCOMPLETE);
        assertThat(state(empty)).isEqualTo(OTHER);
        assertThat(state(Arrays.copyOf(warnings, 4 * 7))).isEqualTo(INCOMPLETE);
        assertThat(state(warnings)).isEqualTo(OTHER);
    }

    /** Whatever the bytes, there is an answer. */
    @Test
    void survivesMutation() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] good = HELLO.record();
        int parsed = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int change = 0; change <= random.nextInt(3); change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            HelloRecords records = new HelloRecords();
            if (records.read(Unpooled.wrappedBuffer(bytes)) == COMPLETE && records.hello() != null) {
                parsed++;
            }
        }

        assertThat(parsed).as("seed " + seed).isBetween(1, 19_999);
    }

    @Test
    void refusesServerNamesThatAreNone() {
        assertThat(ClientHello.parse(
                        Unpooled.wrappedBuffer(new Hello().serverName("").body())))
                .isNull();
        assertThat(ClientHello.parse(
                        Unpooled.wrappedBuffer(new Hello().serverName("a\0b").body())))
                .isNull();
        assertThat(ClientHello.parse(Unpooled.wrappedBuffer(
                        new Hello().serverName("a".repeat(256)).body())))
                .isNull();
        assertThat(ClientHello.parse(
                        Unpooled.wrappedBuffer(new Hello().version(0x0300).body())))
                .isNull();
        assertThat(ClientHello.parse(Unpooled.wrappedBuffer(
                        new Hello().supportedVersions(0x0300, 0x7f00).body())))
                .isNull();
    }

    private static State state(byte[] bytes) {
        return new HelloRecords().read(Unpooled.wrappedBuffer(bytes));
    }

    @Test
    void takesNoTextForTls() {
        assertThat(state("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII))).isEqualTo(OTHER);
    }
}
