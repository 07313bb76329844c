package dev.starling.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request says of its connection, and what must not be passed on: RFC 9110 7.6.1, 7.8, 10.1.1. */
class ConnectionFieldTest {

    private static String request(String fields) {
        return "GET / HTTP/1.1\r\nhost: h\r\n" + fields.replace("; ", "\r\n") + "\r\n\r\n";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connection: keep-alive                          | GET / h",
                "connection: close                               | GET / h close",
                "Connection: CLOSE                               | GET / h close",
                "connection: x , \tclose\t, y                    | GET / h close",
                "connection: ,,close,                            | GET / h close",
                "connection: keep-alive; connection: close       | GET / h close",
                "connection: closed                              | GET / h",
                "connection: not-close                           | GET / h",
                "connection:                                     | GET / h",
                "proxy-connection: Close                         | GET / h close {proxy-connection: Close}",
                "proxy-connection: closed                        | GET / h {proxy-connection: closed}",
            })
    void closesWhereTheClientSaysSo(String fields, String told) {
        assertThat(Reading.requests(request(fields))).containsExactly(told, "end");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connection: x-a; x-a: 1; x-b: 2                 | GET / h {x-b: 2}",
                "x-a: 1; x-b: 2; x-A: 3; connection: X-A         | GET / h {x-b: 2}",
                "connection: x-a,x-b , close; x-a: 1; x-b: 2     | GET / h close",
                "connection: x-a; connection: x-b; x-a: 1; x-b: 2| GET / h",
                "connection: x-b; x-a: 1                         | GET / h {x-a: 1}",
                "connection: te; te: gzip                        | GET / h",
                "connection: te; te: trailers                    | GET / h {te: trailers}",
                "connection: TE; te: gzip, Trailers              | GET / h {te: gzip, Trailers}",
                "connection: close, close; close: 1              | GET / h close {close: 1}",
            })
    void dropsWhatTheConnectionFieldNames(String fields, String told) {
        assertThat(Reading.requests(request(fields))).containsExactly(told, "end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"host", "Host", "content-length", ":path", ":authority", "x-forwarded-for", "X-Forwarded-Proto"})
    void refusesToDropWhatOthersRelyOn(String name) {
        assertThat(Reading.requests(request("connection: close, " + name + "; content-length: 0")))
                .containsExactly("400 http1.connection_header_rejected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "upgrade: websocket                              | GET / h {upgrade: websocket}",
                "connection: upgrade; upgrade: h2c               | GET / h {upgrade: h2c}",
                "connection: upgrade; upgrade: H2C; x: y         | GET / h {upgrade: H2C, x: y}",
                "connection: upgrade                             | GET / h",
            })
    void asksForAnUpgradeOnlyWithBothFields(String fields, String told) {
        assertThat(Reading.requests(request(fields))).containsExactly(told, "end");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connection: upgrade; upgrade: websocket      | websocket {connection: upgrade, upgrade: websocket}",
                "upgrade: Foo; connection: x, Upgrade; x: y   | foo {upgrade: Foo, connection: x, Upgrade}",
                "x: y; connection: x; connection: Upgrade; upgrade: a | a {connection: x, connection: Upgrade, upgrade: a}",
                "connection: upgrade; upgrade: h2c, websocket | h2c, websocket {connection: upgrade, upgrade: h2c, websocket}",
                "connection: upgrade; upgrade: a; upgrade: b  | a,... {connection: upgrade, upgrade: a, upgrade: b}",
            })
    void keepsTheFieldsOfAnUpgradeButNotWhatTheyName(String fields, String told) {
        assertThat(Reading.requests(request(fields))).containsExactly("GET / h length -1 upgrade " + told);
    }

    @Test
    void hearsOfNoUpgradeInHttp10() {
        assertThat(Reading.requests(
                        "GET / HTTP/1.0\r\nhost: h\r\nconnection: upgrade\r\nupgrade: w\r\n\r\n", RequestLineTest.OLD))
                .containsExactly("GET / h 1.0 close {upgrade: w}", "end");
    }

    @Test
    void waitsForA100WithABodyOrWithout() {
        assertThat(Reading.requests(request("expect: 100-Continue; content-length: 1") + "a"))
                .containsExactly("GET / h length 1 expects {expect: 100-Continue, content-length: 1}", "data a", "end");
        assertThat(Reading.requests(request("expect: 100-continue")))
                .containsExactly("GET / h expects {expect: 100-continue}", "end");
    }

    @Test
    void leavesOtherExpectationsToTheUpstream() {
        assertThat(Reading.requests(request("expect: 200-maybe; x: y")))
                .containsExactly("GET / h {expect: 200-maybe, x: y}", "end");
    }
}
