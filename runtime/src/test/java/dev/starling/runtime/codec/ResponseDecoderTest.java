package dev.starling.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses of an upstream and where their bodies end: RFC 9112 4 and 6.3. */
class ResponseDecoderTest {

    private static final String REFUSED = "400 http1.codec_error";

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
                "HTTP/1.1 200 OK|200",
                "HTTP/1.1 200 |200",
                "HTTP/1.1 200|200",
                "HTTP/1.1 404 Not there, \u00e4\\t!|404",
                "HTTP/1.1 599 x|599",
                "HTTP/1.0 200 OK|200 1.0",
            })
    void readsStatusLines(String line, String told) {
        assertThat(Reading.response(text(line) + "\r\ncontent-length: 0\r\n\r\n"))
                .containsExactly(
                        told.replaceFirst("^(\\d+)(.*)$", "$1$2 length 0" + (told.endsWith("1.0") ? " close" : ""))
                                + " {content-length: 0}",
                        "end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1  200 OK",
                "HTTP/1.1 20 OK",
                "HTTP/1.1 2000 OK",
                "HTTP/1.1 600 OK",
                "HTTP/1.1 099 OK",
                "HTTP/1.1 -20 OK",
                "HTTP/1.1 2x0 OK",
                "HTTP/1.1 200\\tOK",
                "HTTP/1.1\\t200 OK",
                "HTTP/1.1200 OK",
                "HTTP/1.2 200 OK",
                "HTTP/2.0 200 OK",
                "http/1.1 200 OK",
                "HTTP/1.1",
                "HTTP/1.1 ",
                "H",
                "ICY 200 OK",
                "HTTP/1.1 200 O\\0K",
                "HTTP/1.1 200 O\\rK",
                "HTTP/1.1 200 OK\\r",
                "HTTP/1.1 200 O\\nK",
                "HTTP/1.1 200 OK\\n",
                " HTTP/1.1 200 OK",
            })
    void refusesWhatIsNoStatusLine(String line) {
        assertThat(Reading.response(text(line) + "\r\ncontent-length: 0\r\n\r\n"))
                .containsExactly(REFUSED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "content-length: 3          | abc                   | 200 length 3 {content-length: 3}",
                "transfer-encoding: chunked | 3\\r\\nabc\\r\\n0\\r\\n\\r\\n | 200",
            })
    void readsABodyThatFramesItself(String field, String body, String told) {
        assertThat(Reading.response("HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n" + text(body)))
                .containsExactly(told, "data abc", "end");
    }

    @Test
    void readsOtherBodiesUntilTheConnectionCloses() {
        assertThat(Reading.response("HTTP/1.1 200 OK\r\nx: y\r\n\r\nabc\r\n\r\nHTTP/1.1 "))
                .containsExactly("200 until close {x: y}", "data abc\r\n\r\nHTTP/1.1 ");
    }

    @Test
    void readsTrailers() {
        assertThat(Reading.response("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: b\r\n\r\n"))
                .containsExactly("200", "trailers {a: b}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HEAD | 200 | content-length: 5          | 200 length 5 {content-length: 5}",
                "HEAD | 200 | transfer-encoding: chunked | 200",
                "HEAD | 200 | x: y                       | 200 {x: y}",
                "GET  | 304 | content-length: 5          | 304 length 5 {content-length: 5}",
                "GET  | 304 | x: y                       | 304 {x: y}",
                "GET  | 204 | x: y                       | 204 {x: y}",
                "GET  | 204 | content-length: 0          | 204",
            })
    void readsNoBodyWhereThereCannotBeOne(String method, int status, String field, String told) {
        assertThat(Reading.response(method, "HTTP/1.1 " + status + " X\r\n" + field + "\r\n\r\nHTTP/"))
                .containsExactly(told, "end");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "200; content-length: 3|content-length: 3",
                "200; content-length: 3|content-length: 4",
                "200; content-length: 3, 3",
                "200; content-length: x",
                "200; content-length:",
                "200; content-length: 3|transfer-encoding: chunked",
                "200; transfer-encoding: gzip",
                "200; transfer-encoding: gzip, chunked",
                "200; transfer-encoding: chunked|transfer-encoding: chunked",
                "204; content-length: 1",
                "204; transfer-encoding: chunked",
                "304; content-length: 3|transfer-encoding: chunked",
                "101; connection: upgrade",
                "100; content-length: 1",
                "100; content-length: 0|content-length: 0",
                "103; transfer-encoding: chunked",
            })
    void refusesWhatDoesNotFrameOneMessage(int status, String fields) {
        assertThat(Reading.response("HTTP/1.1 " + status + " X\r\n" + fields.replace("|", "\r\n") + "\r\n\r\nabc"))
                .containsExactly(REFUSED);
    }

    @Test
    void refusesChunksInAnOldResponse() {
        assertThat(Reading.response("HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"))
                .containsExactly(REFUSED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 | x: y                          | 304 {x: y}",
                "HTTP/1.1 | connection: close             | 304 close {connection: close}",
                "HTTP/1.1 | connection: x, Close          | 304 close {connection: x, Close}",
                "HTTP/1.0 | x: y                          | 304 1.0 close {x: y}",
                "HTTP/1.0 | connection: keep-alive        | 304 1.0 {connection: keep-alive}",
                "HTTP/1.0 | connection: keep-alive, close | 304 1.0 close {connection: keep-alive, close}",
            })
    void knowsWhetherTheConnectionMayBeUsedAgain(String version, String field, String told) {
        assertThat(Reading.response(version + " 304 X\r\n" + field + "\r\n\r\n"))
                .containsExactly(told, "end");
    }

    @Test
    void readsInformationalResponsesBeforeTheFinalOne() {
        assertThat(Reading.response("HTTP/1.1 100 Continue\r\nconnection: close\r\n\r\n"
                        + "HTTP/1.1 103 Early Hints\r\nlink: a\r\ncontent-length: 0\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na"))
                .containsExactly("100", "103 {link: a}", "200 length 1 {content-length: 1}", "data a", "end");
    }

    @Test
    void boundsInformationalResponses() {
        String last = "HTTP/1.1 304 X\r\n\r\n";

        assertThat(Reading.response("HTTP/1.1 102 X\r\n\r\n".repeat(16) + last))
                .hasSize(18)
                .endsWith("304", "end");
        assertThat(Reading.response("HTTP/1.1 102 X\r\n\r\n".repeat(17) + last))
                .hasSize(17)
                .endsWith("102", REFUSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection: upgrade",
                "upgrade: w\r\ncontent-length: 0",
                "upgrade: w\r\ncontent-length: 3",
                "upgrade: w\r\ntransfer-encoding: chunked"
            })
    void refusesAnUpgradeToNothingOrWithABody(String fields) {
        assertThat(Reading.response("UPGRADE", "HTTP/1.1 101 X\r\n" + fields + "\r\n\r\nabc"))
                .containsExactly(REFUSED);
    }

    @Test
    void passesRawBytesAfterAConnectThatWasGranted() {
        String granted = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\nx: y\r\n\r\n";

        assertThat(Reading.response("CONNECT", granted + "\r\nHTTP/1.1"))
                .containsExactly("200 {x: y}", "data \r\nHTTP/1.1");
    }

    @Test
    void passesRawBytesAfterAnUpgradeThatWasAskedFor() {
        String wire = "HTTP/1.1 101 X\r\nupgrade: w\r\n\r\n\r\nHTTP/1.1 \0";

        assertThat(Reading.response("UPGRADE", wire)).containsExactly("101 {upgrade: w}", "data \r\nHTTP/1.1 \0");
    }

    @Test
    void passesRawBytesAfterAnAcceptedConnect() {
        assertThat(Reading.response("CONNECT", "HTTP/1.1 200 OK\r\n\r\nabc")).containsExactly("200", "data abc");
        assertThat(Reading.response("CONNECT", "HTTP/1.1 400 No\r\ncontent-length: 1\r\n\r\nabc"))
                .containsExactly("400 length 1 {content-length: 1}", "data a", "end");
    }

    @Test
    void boundsAHeadInBytesAndFields() {
        String head = "HTTP/1.1 304 X\r\na: b\r\nc: d\r\n\r\n";

        assertThat(Reading.inAnyPieces(head, transcript -> transcript.responses(head.length(), 2)))
                .containsExactly("304 {a: b, c: d}", "end");
        assertThat(Reading.inAnyPieces(head, transcript -> transcript.responses(head.length() - 1, 2)))
                .containsExactly("431 http1.headers_too_large");
        assertThat(Reading.inAnyPieces(head, transcript -> transcript.responses(head.length(), 1)))
                .containsExactly("431 http1.too_many_headers");
    }
}
