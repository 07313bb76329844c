package dev.starling.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.Http1Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the body of a request ends: RFC 9112 6.1 to 6.3. */
class RequestFramingTest {

    private static final String OTHER = "GET /other HTTP/1.1\r\nhost: h\r\n\r\n";

    private static String post(String fields, String rest) {
        return "POST / HTTP/1.1\r\nhost: h\r\n" + fields.replace("; ", "\r\n") + "\r\n\r\n" + rest;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "content-length: 3                    | POST / h length 3 {content-length: 3}",
                "Content-Length: 3                    | POST / h length 3 {content-length: 3}",
                "content-length: 000000000000000003   | POST / h length 3 {content-length: 000000000000000003}",
            })
    void readsABodyByItsLength(String fields, String told) {
        assertThat(Reading.requests(post(fields, "abc" + OTHER)))
                .containsExactly(told, "data abc", "end", "GET /other h", "end");
    }

    @Test
    void readsNoBodyWhereNoneIsTold() {
        assertThat(Reading.requests(post("x: y", OTHER)))
                .containsExactly("POST / h {x: y}", "end", "GET /other h", "end");
        assertThat(Reading.requests(post("content-length: 0", OTHER)))
                .containsExactly("POST / h {content-length: 0}", "end", "GET /other h", "end");
    }

    @Test
    void readsTheLongestLengthThatCanBeTold() {
        assertThat(Reading.requests(post("content-length: 999999999999999999", "abc")))
                .containsExactly("POST / h length 999999999999999999 {content-length: 999999999999999999}", "data abc");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "content-length: 5, 5",
                "content-length: +5",
                "content-length: -1",
                "content-length: 0x5",
                "content-length: 5 5",
                "content-length: 5.0",
                "content-length:",
                "content-length: 1000000000000000000",
                "content-length: 9223372036854775808",
                "content-length: 18446744073709551621",
                "content-length: 5; content-length: 5",
                "content-length: 5; content-length: 6",
                "content-length: 0; Content-Length: 0",
                "content-length: \u0665",
            })
    void refusesAmbiguousLengths(String fields) {
        assertThat(Reading.requests(post(fields, "abcdef"))).containsExactly("400 http1.codec_error");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "transfer-encoding: identity",
                "transfer-encoding: gzip, chunked",
                "transfer-encoding: chunked, chunked",
                "transfer-encoding: chunked, identity",
                "transfer-encoding: xchunked",
                "transfer-encoding: chunked;q=1",
                "transfer-encoding: \"chunked\"",
                "transfer-encoding:",
                "transfer-encoding: chunked; transfer-encoding: chunked",
                "transfer-encoding: gzip; transfer-encoding: chunked",
                "transfer-encoding: \u000bchunked",
            })
    void refusesTransferEncodingsButChunked(String fields) {
        assertThat(Reading.requests(post(fields, "0\r\n\r\n")))
                .containsExactly(
                        fields.contains("\u000b")
                                ? "400 http1.invalid_characters"
                                : "501 http1.invalid_transfer_encoding");
    }

    @ParameterizedTest
    @CsvSource({"chunked", "Chunked", "CHUNKED", "'  chunked \t'"})
    void readsChunkedBodiesHoweverTheWordIsWritten(String encoding) {
        assertThat(Reading.requests(post("Transfer-Encoding: " + encoding, "3\r\nabc\r\n0\r\n\r\n" + OTHER)))
                .containsExactly("POST / h length -1", "data abc", "end", "GET /other h", "end");
    }

    @ParameterizedTest
    @CsvSource({
        "transfer-encoding: chunked; content-length: 3",
        "content-length: 3; transfer-encoding: chunked",
        "content-length: 0; transfer-encoding: chunked"
    })
    void refusesALengthBesideChunksUnlessAllowed(String fields) {
        var allowed = new Http1Options(true, false, "", false, true, Http1Options.HeaderCase.LOWER);
        String wire = post(fields, "3\r\nabc\r\n0\r\n\r\n" + OTHER);

        assertThat(Reading.requests(wire)).containsExactly("400 http1.content_length_and_chunked_not_allowed");
        assertThat(Reading.requests(wire, allowed))
                .containsExactly("POST / h length -1", "data abc", "end", "GET /other h", "end");
    }

    @Test
    void refusesTwoLengthsBesideChunksEvenIfOneIsAllowed() {
        var allowed = new Http1Options(true, false, "", false, true, Http1Options.HeaderCase.LOWER);

        assertThat(Reading.requests(
                        post("content-length: 3; content-length: 3; transfer-encoding: chunked", ""), allowed))
                .containsExactly("400 http1.codec_error");
    }

    @Test
    void refusesChunksInOldRequests() {
        var old = new Http1Options(true, true, "", false, false, Http1Options.HeaderCase.LOWER);

        assertThat(Reading.requests("POST / HTTP/1.0\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", old))
                .containsExactly("400 http1.codec_error");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CONNECT h:1 | ''                         | CONNECT  h:1 length -1",
                "CONNECT h:1 | connection: close          | CONNECT  h:1 length -1 close",
                "GET /       | ''                         | GET / h length -1 upgrade w {connection: upgrade, upgrade: w}",
                "POST /      | content-length: 3          | POST / h length -1 upgrade w {content-length: 3, connection: upgrade, upgrade: w}",
                "GET /       | transfer-encoding: chunked | GET / h length -1 upgrade w {connection: upgrade, upgrade: w}",
            })
    void leavesWhatFollowsAnUpgradeOrConnectAsItIs(String line, String field, String told) {
        String asks = line.startsWith("CONNECT") ? "" : "connection: upgrade\r\nupgrade: w\r\n";
        String head = line + " HTTP/1.1\r\nhost: h\r\n" + (field.isEmpty() ? "" : field + "\r\n") + asks + "\r\n";
        String raw = "5\r\nGET / HTTP/1.1\r\n\r\n\0";

        assertThat(Reading.requests(head + raw)).containsExactly(told, "data " + raw);
    }

    @Test
    void refusesBodiesOfConnect() {
        String connect = "CONNECT h:1 HTTP/1.1\r\nhost: h\r\n";

        assertThat(Reading.requests(connect + "content-length: 1\r\n\r\n"))
                .containsExactly("400 http1.body_disallowed");
        assertThat(Reading.requests(connect + "transfer-encoding: chunked\r\n\r\n"))
                .containsExactly("501 http1.invalid_transfer_encoding");
        assertThat(Reading.requests(connect + "content-length: 0\r\n\r\n"))
                .containsExactly("CONNECT  h:1 length -1 {content-length: 0}");
    }
}
