package dev.starling.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.Http1Options;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks, their extensions and trailers: RFC 9112 7.1. */
class ChunkedBodyTest {

    private static final String HEAD = "POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String REFUSED = "400 http1.codec_error";
    private static final int LONGEST_CHUNK_LINE = 4096;

    /** What is told after the head. */
    private static List<String> body(String chunks) {
        List<String> all = Reading.requests(HEAD + chunks);
        assertThat(all).first().isEqualTo("POST / h length -1");
        return all.subList(1, all.size());
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
                "3\\r\\nabc\\r\\n0\\r\\n\\r\\n|abc",
                "1\\r\\na\\r\\n2\\r\\nbc\\r\\n0\\r\\n\\r\\n|abc",
                "00003\\r\\nabc\\r\\n000\\r\\n\\r\\n|abc",
                "b\\r\\nhello world\\r\\n0\\r\\n\\r\\n|hello world",
                "B\\r\\nhello world\\r\\n0\\r\\n\\r\\n|hello world",
                "3;a=b\\r\\nabc\\r\\n0;last\\r\\n\\r\\n|abc",
                "3 ; a=\"b c\"\\r\\nabc\\r\\n0\\r\\n\\r\\n|abc",
                "3;\\r\\nabc\\r\\n0\\r\\n\\r\\n|abc",
                "3\\t;a;b=c\\tx\\r\\nabc\\r\\n0\\r\\n\\r\\n|abc",
                "3;\u00e4\\r\\nabc\\r\\n0\\r\\n\\r\\n|abc",
                "000000000000003\\r\\nabc\\r\\n0\\r\\n\\r\\n|abc",
                "5\\r\\n\\r\\n0\\r\\n\\r\\n0\\r\\n\\r\\n|\\r\\n0\\r\\n",
            })
    void readsChunks(String chunks, String data) {
        assertThat(body(text(chunks))).containsExactly("data " + text(data), "end");
    }

    @Test
    void readsABodyWithoutContent() {
        assertThat(body("0\r\n\r\n")).containsExactly("end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\r\\n",
                "x\\r\\n",
                "g\\r\\n",
                "0x3\\r\\n",
                "-3\\r\\n",
                "+3\\r\\n",
                " 3\\r\\n",
                "3 \\r\\n",
                "3\\t\\r\\n",
                "3 a\\r\\n",
                "3,4\\r\\n",
                ";a=b\\r\\n",
                "3\\n",
                "3\\r\\r\\n",
                "3\\rx\\r\\n",
                "3;a\\n",
                "3;a\\rb\\r\\n",
                "3;\\0\\r\\n",
                "3;\u007f\\r\\n",
                "3\\0\\r\\n",
                "1000000000000000\\r\\n",
                "0000000000000003\\r\\n",
                "ffffffffffffffff\\r\\n",
                "10000000000000003\\r\\n",
                "\u0663\\r\\n",
            })
    void refusesWhatIsNoChunkSize(String line) {
        assertThat(body(text(line) + "abc\r\n0\r\n\r\n")).containsExactly(REFUSED);
    }

    @Test
    void readsTheLargestChunkSize() {
        assertThat(body("fffffffffffffff\r\nabc")).containsExactly("data abc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\\n", "\\rx", "\\r\\r\\n", "d\\r\\n", "\\n0\\r\\n\\r\\n"})
    void refusesAChunkThatDoesNotEndWhereItSays(String end) {
        assertThat(body("3\r\nabc" + text(end))).containsExactly("data abc", REFUSED);
    }

    @Test
    void readsExtensionsUpToTheLimitOfALine() {
        int room = LONGEST_CHUNK_LINE - "3;\r\n".length();
        for (int length : new int[] {room - 1, room}) {
            assertThat(body("3;" + "x".repeat(length) + "\r\nabc\r\n0\r\n\r\n")).containsExactly("data abc", "end");
        }

        assertThat(body("3;" + "x".repeat(room + 1) + "\r\nabc\r\n0\r\n\r\n")).containsExactly(REFUSED);
    }

    @Test
    void readsTrailers() {
        assertThat(body("3\r\nabc\r\n0\r\nX-A: 1\r\nx-b:\r\nx-a: 2\r\n\r\n"))
                .containsExactly("data abc", "trailers {x-a: 1, x-b:, x-a: 2}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "content-length: 3|400 http1.codec_error",
                "transfer-encoding: chunked|400 http1.codec_error",
                "host: a|400 http1.codec_error",
                "x|400 http1.codec_error",
                ": y|400 http1.codec_error",
                "x : y|400 http1.codec_error",
                " x: y|400 http1.codec_error",
                "x: y\\r\\n z|400 http1.codec_error",
                "x: y\\nz: a|400 http1.codec_error",
                "x: \\0|400 http1.invalid_characters",
            })
    void refusesTrailersThatFrameOrAreNone(String trailer, String refusal) {
        assertThat(body("0\r\n" + text(trailer) + "\r\n\r\n")).containsExactly(refusal);
    }

    @Test
    void boundsTrailersInBytesAndCount() {
        for (int more : new int[] {-1, 0, 1}) {
            String bytes = "x: " + "y".repeat(100 - "x: \r\n\r\n".length() + more) + "\r\n\r\n";
            String fields = "x: y\r\n".repeat(5 + more) + "\r\n";

            assertThat(bounded(bytes)).isEqualTo(more > 0 ? "431 http1.headers_too_large" : "trailers");
            assertThat(bounded(fields)).isEqualTo(more > 0 ? "431 http1.too_many_headers" : "trailers");
        }
    }

    /** The last of what is told, by its first word if it is not a refusal. */
    private static String bounded(String trailers) {
        String last = Reading.inAnyPieces(
                        HEAD + "0\r\n" + trailers, transcript -> transcript.requests(Http1Options.DEFAULT, 100, 5))
                .getLast();
        return last.startsWith("trailers") ? "trailers" : last;
    }

    @Test
    void readsTheNextRequestAfterTheLastChunk() {
        assertThat(body("0\r\n\r\n" + HEAD + "0\r\nx: y\r\n\r\n" + HEAD))
                .containsExactly("end", "POST / h length -1", "trailers {x: y}", "POST / h length -1");
    }
}
