package dev.starling.runtime.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What services are told of headers that need not be text. */
class Utf8CharsTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "plain, plain",
        "caf\u00c3\u00a9, caf\u00e9",
        "\u00f0\u009f\u0098\u0080!, \ud83d\ude00!",
        "a\u00ffb, a!b",
        "\u00c3, !",
        "\u00e2\u0082, !!",
        "\u00ed\u00a0\u0080x, !!!x",
        "\u00c0\u0080, !!"
    })
    void isDecodedWithAMarkForEachByteThatIsNone(String bytes, String text) {
        assertThat(Utf8Chars.decode(bytes)).isEqualTo(text);
    }
}
