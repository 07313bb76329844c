package dev.starling.runtime.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AsciiTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 11, 99, 100, 12_345, 999_999_999, 1_000_000_000, Long.MAX_VALUE})
    void appendsDecimals(long value) {
        byte[] target = new byte[24];
        int end = Ascii.appendDecimal(target, 2, value);

        assertThat(new String(target, 2, end - 2, StandardCharsets.US_ASCII)).isEqualTo(Long.toString(value));
        assertThat(target[end]).isZero();
    }

    @Test
    void appendsNoNegativeNumber() {
        assertThatThrownBy(() -> Ascii.appendDecimal(new byte[24], 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void appendsText() {
        byte[] target = new byte[5];

        assertThat(Ascii.append(target, 1, "abc")).isEqualTo(4);
        assertThat(target).containsExactly(0, 'a', 'b', 'c', 0);
        assertThat(Ascii.append(target, 4, "")).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "trailers|true",
                "Trailers|true",
                "gzip, trailers|true",
                "trailers,gzip|true",
                " \ttrailers\t , x|true",
                ",,trailers|true",
                "trailersx|false",
                "xtrailers|false",
                "trailers x|false",
                "trailers;q=1|false",
                ",|false",
            })
    void looksForATokenInAList(String list, boolean found) {
        assertThat(Ascii.listContains(list, "trailers")).isEqualTo(found);
    }
}
