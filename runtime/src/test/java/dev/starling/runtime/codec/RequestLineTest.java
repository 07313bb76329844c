package dev.starling.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.Http1Options;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first line of a request: RFC 9112 3. */
class RequestLineTest {

    static final Http1Options OLD = new Http1Options(true, true, "", false, false, Http1Options.HeaderCase.LOWER);
    private static final Http1Options OLD_WITH_HOST =
            new Http1Options(true, true, "default.test", false, false, Http1Options.HeaderCase.LOWER);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET / HTTP/1.1                      | GET / h",
                "GET /a/b;c?d=e&f=%20#g HTTP/1.1     | GET /a/b;c?d=e&f=%20#g h",
                "GET /{}^`\"<>\\ HTTP/1.1          | GET /{}^`\"<>\\ h",
                "OPTIONS * HTTP/1.1                  | OPTIONS * h",
                "UNSUBSCRIBE / HTTP/1.1              | UNSUBSCRIBE / h",
                "GET http://b.test HTTP/1.1          | GET / b.test",
                "GET http://b.test/x?y HTTP/1.1      | GET /x?y b.test",
                "GET http://b.test?y=/z HTTP/1.1     | GET /?y=/z b.test",
                "GET HTTP://b.test:8080/x HTTP/1.1   | GET /x b.test:8080",
                "GET http://[::1]:80/ HTTP/1.1       | GET / [::1]:80",
                "OPTIONS http://b.test HTTP/1.1      | OPTIONS / b.test",
            })
    void readsTheForms(String line, String told) {
        assertThat(Reading.requests(line + "\r\nhost: h\r\n\r\n")).containsExactly(told, "end");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "get / HTTP/1.1                | 400 http1.codec_error",
                "FETCH / HTTP/1.1              | 400 http1.codec_error",
                "G(T / HTTP/1.1                | 400 http1.codec_error",
                "GET  / HTTP/1.1               | 400 http1.codec_error",
                "GET\\t/ HTTP/1.1              | 400 http1.codec_error",
                "GET /  HTTP/1.1               | 400 http1.codec_error",
                "GET / HTTP/1.1\\b             | 400 http1.codec_error",
                "GET / a HTTP/1.1              | 400 http1.codec_error",
                "GET /\\t HTTP/1.1             | 400 http1.codec_error",
                "GET /\\0 HTTP/1.1             | 400 http1.codec_error",
                "GET /\\x7f HTTP/1.1           | 400 http1.codec_error",
                "GET /\\xe4 HTTP/1.1           | 400 http1.codec_error",
                "GET /                         | 400 http1.codec_error",
                "GET HTTP/1.1                  | 400 http1.codec_error",
                "GET                           | 400 http1.codec_error",
                "GET / HTTP/1.                 | 400 http1.codec_error",
                "GET / HTTP/11                 | 400 http1.codec_error",
                "GET / HTTP/1.10               | 400 http1.codec_error",
                "GET / HTTP/1.x                | 400 http1.codec_error",
                "GET / HTTP/x.1                | 400 http1.codec_error",
                "GET / http/1.1                | 400 http1.codec_error",
                "GET / HTTPS/1.1               | 400 http1.codec_error",
                "GET / HTTP/1.1\\r             | 400 http1.codec_error",
                "GET / HTTP/1.1\\rX            | 400 http1.codec_error",
                "GET / HTTP/1.1\\rXx: y        | 400 http1.codec_error",
                "GET /\\rx HTTP/1.1            | 400 http1.codec_error",
                "GET a HTTP/1.1                | 400 http1.codec_error",
                "GET * HTTP/1.1                | 400 http1.invalid_url",
                "GET ://b HTTP/1.1             | 400 http1.codec_error",
                "GET http:///x HTTP/1.1        | 400 http1.invalid_url",
                "GET http://?x HTTP/1.1        | 400 http1.invalid_url",
                "GET ftp://b/ HTTP/1.1         | 400 http1.invalid_scheme",
                "GET https://b/ HTTP/1.1       | 403 http1.https_url_on_plaintext_connection",
                "GET http://u@b/ HTTP/1.1      | 400 http.invalid_authority",
                "GET http://b:x/ HTTP/1.1      | 400 http.invalid_authority",
                "GET / HTTP/0.9                | 426 low_version",
                "GET / HTTP/1.0                | 426 low_version",
                "GET / HTTP/1.2                | 426 low_version",
                "GET / HTTP/2.0                | 400 low_version",
            })
    void refusesWhatIsNoRequestLine(String line, String refusal) {
        String wire = line.replace("\\t", "\t")
                .replace("\\b", " ")
                .replace("\\r", "\r")
                .replace("\\0", "\0")
                .replace("\\x7f", "\u007f")
                .replace("\\xe4", "\u00e4");

        assertThat(Reading.requests(wire + "\r\nhost: h\r\n\r\n")).containsExactly(refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c:1", "c.test:65535", "1.2.3.4:443", "[::1]:443"})
    void connectsToAHostAndPort(String target) {
        assertThat(Reading.requests("CONNECT " + target + " HTTP/1.1\r\nhost: other\r\n\r\n"))
                .containsExactly("CONNECT  " + target + " length -1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "*",
                "c",
                "c:",
                ":443",
                "u@c:443",
                "c:65536",
                "c:x",
                "c:443/",
                "::1:443",
                "[::1]",
                "http://c/"
            })
    void connectsToNothingElse(String target) {
        assertThat(Reading.requests("CONNECT " + target + " HTTP/1.1\r\nhost: other\r\n\r\n"))
                .containsExactly("400 http1.invalid_url");
    }

    @Test
    void leavesAbsoluteTargetsToBeRefusedWhereTheyAreNotAllowed() {
        var relativeOnly = new Http1Options(false, false, "", false, false, Http1Options.HeaderCase.LOWER);

        assertThat(Reading.requests("GET http://b.test/ HTTP/1.1\r\nhost: h\r\n\r\n", relativeOnly))
                .containsExactly("GET http://b.test/ h", "end");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\nhost: h\r\n\r\n", "\nGET / HTTP/1.1\r\nhost: h\r\n\r\n", "\r\n\n", "\n"})
    void refusesLinesThatEndInABareLineFeed(String wire) {
        assertThat(Reading.requests(wire)).containsExactly("400 http1.codec_error");
    }

    @Test
    void skipsOneEmptyLineBeforeARequestAndNoMore() {
        String request = "GET / HTTP/1.1\r\nhost: h\r\n\r\n";

        assertThat(Reading.requests("\r\n" + request)).containsExactly("GET / h", "end");
        assertThat(Reading.requests("\r\n" + request + "\r\n" + request))
                .containsExactly("GET / h", "end", "GET / h", "end");
        assertThat(Reading.requests("\r\n\r\n" + request)).containsExactly("400 http1.codec_error");
        assertThat(Reading.requests(request + "\r\n\r\n")).containsExactly("GET / h", "end", "400 http1.codec_error");
    }

    @Test
    void tellsNothingOfARequestWithoutItsEnd() {
        assertThat(Reading.requests("GET / HTTP/1.1\r\nhost: h\r\n")).isEmpty();
    }

    @Test
    void readsOldRequestsWhereTheyAreAccepted() {
        assertThat(Reading.requests("GET / HTTP/1.0\r\nhost: h\r\n\r\n", OLD))
                .containsExactly("GET / h 1.0 close", "end");
        assertThat(Reading.requests("GET / HTTP/1.0\r\nhost: h\r\nconnection: keep-alive\r\n\r\n", OLD))
                .containsExactly("GET / h 1.0", "end");
        assertThat(Reading.requests("GET / HTTP/1.0\r\nhost: h\r\nconnection: keep-alive, close\r\n\r\n", OLD))
                .containsExactly("GET / h 1.0 close", "end");
        assertThat(Reading.requests("GET / HTTP/1.0\r\n\r\n", OLD)).containsExactly("GET /  1.0 close", "end");
        assertThat(Reading.requests("GET / HTTP/1.0\r\n\r\n", OLD_WITH_HOST))
                .containsExactly("GET / default.test 1.0 close", "end");
    }

    @Test
    void doesNotGiveANewRequestTheDefaultHostOfOldOnes() {
        assertThat(Reading.requests("GET / HTTP/1.1\r\n\r\n", OLD_WITH_HOST)).containsExactly("GET / ", "end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a.b:80", "a:", "[::1]", "[fe80::1%25eth0]:65535", "1.2.3.4:0", "a_b~c", "x!$&'()*+,;=%"})
    void takesHosts(String host) {
        assertThat(Reading.requests("GET / HTTP/1.1\r\nhost: " + host + "\r\n\r\n"))
                .containsExactly("GET / " + host, "end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "u@a",
                "a b",
                "a/b",
                "a?b",
                "a#b",
                "[::1",
                "::1",
                "a:b",
                "a:65536",
                "a:99999999999",
                "a:1:2",
                "a[b]",
                "\u00e4"
            })
    void refusesWhatIsNoHost(String host) {
        assertThat(Reading.requests("GET / HTTP/1.1\r\nhost: " + host + "\r\n\r\n"))
                .containsExactly("400 http.invalid_authority");
    }

    @Test
    void refusesTwoHosts() {
        List<String> twice = Reading.requests("GET / HTTP/1.1\r\nhost: h\r\nHost: h\r\n\r\n");

        assertThat(twice).containsExactly("400 http1.codec_error");
    }
}
