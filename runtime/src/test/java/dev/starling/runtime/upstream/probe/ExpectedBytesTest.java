package dev.starling.runtime.upstream.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.upstream.probe.ExpectedBytes.Found;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectedBytesTest {

    private static ExpectedBytes expected(int limit, String... blocks) {
        return new ExpectedBytes(
                Stream.of(blocks)
                        .map(block -> ByteBuffer.wrap(block.getBytes(StandardCharsets.US_ASCII)))
                        .toList(),
                limit);
    }

    private static Found after(ExpectedBytes expected, String bytes) {
        return expected.after(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @CsvSource({
        "abcd,       ALL",
        "xabyycdz,   ALL",
        "cdab,       MORE",
        "abc,        MORE",
        "aabccd,     ALL",
        "a,          MORE"
    })
    void findsBlocksInTheirOrder(String bytes, Found found) {
        assertThat(after(expected(100, "ab", "cd"), bytes)).isEqualTo(found);
    }

    @Test
    void findsWhatComesInPieces() {
        var expected = expected(100, "abc", "cde");

        assertThat(Stream.of("xa", "b", "c", "c", "d").map(piece -> after(expected, piece)))
                .containsOnly(Found.MORE);
        assertThat(after(expected, "e")).isEqualTo(Found.ALL);
    }

    @Test
    void aBlockDoesNotShareBytesWithTheNext() {
        var expected = expected(100, "aba", "aba");

        assertThat(after(expected, "ababa")).isEqualTo(Found.MORE);
        assertThat(after(expected, "x")).isEqualTo(Found.MORE);
        assertThat(after(expected, "aba")).isEqualTo(Found.ALL);
    }

    @Test
    void beginsAnew() {
        var expected = expected(100, "ab", "cd");
        after(expected, "ab");

        expected.begin();

        assertThat(after(expected, "cd")).isEqualTo(Found.MORE);
        assertThat(after(expected, "abcd")).isEqualTo(Found.ALL);
    }

    @Test
    void givesUpBeyondItsBound() {
        var expected = expected(10, "ab");

        assertThat(after(expected, "xxxxxxxxxx")).isEqualTo(Found.MORE);
        assertThat(after(expected, "x")).isEqualTo(Found.TOO_MUCH);
    }
}
