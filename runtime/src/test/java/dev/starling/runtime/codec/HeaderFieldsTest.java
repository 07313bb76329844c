package dev.starling.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.Http1Options;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Header lines and the bounds of a head: RFC 9112 5, RFC 9110 5.5. */
class HeaderFieldsTest {

    private static final String LINE = "GET / HTTP/1.1\r\n";
    private static final String HOST = "host: h\r\n";

    private static List<String> with(String field) {
        return Reading.requests(LINE + HOST + field + "\r\n\r\n");
    }

    private static String text(String escaped) {
        return escaped.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\0", "\0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "x:y|x: y",
                "X-MiXeD:VaLuE|x-mixed: VaLuE",
                "x:  y  |x: y",
                "x:\\t y z\\t \\t|x: y z",
                "x:y\\tz|x: y\\tz",
                "x:|x:",
                "x: \\t |x:",
                "x::|x: :",
                "x: a: b|x: a: b",
                "!#$%&'*+-.^_`~09az: v|!#$%&'*+-.^_`~09az: v",
                "x: \u00e4\u00ff\u0080|x: \u00e4\u00ff\u0080",
                "x: \"a\\tb\"|x: \"a\\tb\"",
                "x: 1\\r\\nX: 2|x: 1, x: 2",
            })
    void readsNamesInLowerCaseAndValuesTrimmed(String field, String told) {
        assertThat(with(text(field))).containsExactly("GET / h {" + text(told) + "}", "end");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "x : y|codec_error",
                "x\\t: y|codec_error",
                " x: y|codec_error",
                "\\tx: y|codec_error",
                ": y|codec_error",
                ":|codec_error",
                "x|codec_error",
                "x y: z|codec_error",
                "x(y): z|codec_error",
                "x/y: z|codec_error",
                "\u00e4: z|codec_error",
                "x\\r: y|codec_error",
                "\\rx: y|codec_error",
                "x: y\\r z|codec_error",
                "x: y\\r|codec_error",
                "x: y\\rcontent-length: 3|codec_error",
                "x: y\\nz: a|codec_error",
                "x: y\\n|codec_error",
                "\\nx: y|codec_error",
                "x: y\\r\\n z|codec_error",
                "x: y\\r\\n\\tz: a|codec_error",
                "x:\\r\\n y|codec_error",
                "x: a\\0b|invalid_characters",
                "x: \\0|invalid_characters",
                "x\\0: y|invalid_characters",
                "x\u0001: y|invalid_characters",
                "x\u007f: y|invalid_characters",
                "x: a\u0001b|invalid_characters",
                "x: a\u000bb|invalid_characters",
                "x: a\u000cb|invalid_characters",
                "x: a\u001bb|invalid_characters",
                "x: a\u007fb|invalid_characters",
            })
    void refusesWhatIsNoField(String field, String reason) {
        assertThat(with(text(field))).containsExactly("400 http1." + reason);
    }

    @Test
    void refusesAFoldedFirstLine() {
        assertThat(Reading.requests(LINE + " x: y\r\n" + HOST + "\r\n")).containsExactly("400 http1.codec_error");
    }

    @Test
    void refusesABareLineFeedAtTheEndOfAHead() {
        assertThat(Reading.requests(LINE + HOST + "\n")).containsExactly("400 http1.codec_error");
        assertThat(Reading.requests(LINE + HOST + "x: y\n\r\n")).containsExactly("400 http1.codec_error");
        assertThat(Reading.requests(LINE + HOST + "x: y\n\n")).containsExactly("400 http1.codec_error");
    }

    @Test
    void boundsAHeadInBytesWithItsLineAndItsEnd() {
        int limit = 200;
        for (int length : new int[] {limit - 1, limit, limit + 1}) {
            String head = LINE + HOST + "x: ";
            String wire = head + "y".repeat(length - head.length() - "\r\n\r\n".length()) + "\r\n\r\n";

            assertThat(first(wire, limit, 100)).isEqualTo(length > limit ? "431 http1.headers_too_large" : "GET / h");
        }
    }

    @Test
    void boundsALineThatDoesNotEnd() {
        int limit = 200;
        for (int length : new int[] {limit - 1, limit, limit + 1}) {
            String wire = "GET /" + "a".repeat(length - "GET /".length());

            assertThat(first(wire, limit, 100)).isEqualTo(length > limit ? "431 http1.headers_too_large" : "");
        }
    }

    @Test
    void countsEmptyLinesBeforeAHeadApart() {
        int limit = LINE.length() + HOST.length() + 2;

        assertThat(first("\r\n" + LINE + HOST + "\r\n", limit, 100)).isEqualTo("GET / h");
        assertThat(first("\r\n" + LINE + HOST + "\r\n", limit - 1, 100)).isEqualTo("431 http1.headers_too_large");
    }

    @Test
    void boundsEachHeadByItself() {
        String wire = LINE + HOST + "\r\n";

        assertThat(Reading.inAnyPieces(
                        wire.repeat(3), transcript -> transcript.requests(Http1Options.DEFAULT, wire.length(), 1)))
                .containsExactly("GET / h", "end", "GET / h", "end", "GET / h", "end");
    }

    @Test
    void boundsTheFieldsOfAHead() {
        int limit = 20;
        for (int fields : new int[] {limit - 1, limit, limit + 1}) {
            String wire = LINE + HOST + "x: y\r\n".repeat(fields - 1) + "\r\n";

            assertThat(first(wire, 8192, limit)).isEqualTo(fields > limit ? "431 http1.too_many_headers" : "GET / h");
        }
    }

    /** The refusal, or the request without its fields, or nothing. */
    private static String first(String wire, int maxHeadBytes, int maxFields) {
        List<String> lines = Reading.inAnyPieces(
                wire, transcript -> transcript.requests(Http1Options.DEFAULT, maxHeadBytes, maxFields));
        return lines.isEmpty() ? "" : lines.getFirst().replaceFirst(" \\{.*", "");
    }
}
