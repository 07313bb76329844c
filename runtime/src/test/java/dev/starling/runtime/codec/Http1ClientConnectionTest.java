package dev.starling.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Http1ClientConnectionTest {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

    private final ClientScene scene = new ClientScene();

    @AfterEach
    void leavesNothing() {
        scene.close();
    }

    @AfterAll
    static void stop() {
        ClientScene.stop();
    }

    private static RequestHead head(String method, String path, String authority, String upgrade, long length) {
        Headers headers = new Headers();
        if (length >= 0) {
            headers.add("content-length", Long.toString(length));
        }
        headers.add("x", "y");
        return new RequestHead(method, path, authority, "http", Protocol.HTTP_1_1, headers, upgrade, length, false);
    }

    private static RequestHead get() {
        return head("GET", "/", "h", "", -1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET     | ''        | true  | -1 | GET / HTTP/1.1,host: h,x: y,,",
                "HEAD    | ''        | true  | -1 | HEAD / HTTP/1.1,host: h,x: y,,",
                "DELETE  | ''        | true  | -1 | DELETE / HTTP/1.1,host: h,x: y,,",
                "POST    | ''        | true  | -1 | POST / HTTP/1.1,host: h,x: y,content-length: 0,,",
                "OPTIONS | ''        | true  | -1 | OPTIONS / HTTP/1.1,host: h,x: y,content-length: 0,,",
                "POST    | ''        | true  | 0  | POST / HTTP/1.1,host: h,content-length: 0,x: y,,",
                "POST    | ''        | false | 3  | POST / HTTP/1.1,host: h,content-length: 3,x: y,,",
                "POST    | ''        | false | -1 | POST / HTTP/1.1,host: h,x: y,transfer-encoding: chunked,,",
                "GET     | ''        | false | -1 | GET / HTTP/1.1,host: h,x: y,transfer-encoding: chunked,,",
                "CONNECT | ''        | false | -1 | CONNECT h HTTP/1.1,host: h,x: y,,",
                "GET     | websocket | false | -1 | GET / HTTP/1.1,host: h,x: y,connection: upgrade,,",
            })
    void writesAHead(String method, String upgrade, boolean end, long length, String lines) {
        scene.send(stream -> stream.writeHead(head(method, "/", "h", upgrade, length), end));

        assertThat(scene.written()).isEqualTo(lines.replace(",", "\r\n"));
    }

    @Test
    void writesBodiesByLengthOrInChunks() {
        scene.send(stream -> {
            stream.writeHead(head("PUT", "/", "h", "", 3), false);
            stream.writeData(scene.bytes("ab"), false);
            stream.writeData(scene.bytes("c"), true);
        });
        assertThat(scene.written()).endsWith("\r\n\r\nabc");
        scene.receive(OK);

        scene.send(stream -> {
            stream.writeHead(head("PUT", "/", "h", "", -1), false);
            stream.writeData(scene.bytes(""), false);
            stream.writeData(scene.bytes("hello world, that is 27 long"), false);
            stream.writeData(scene.bytes("c"), true);
        });
        assertThat(scene.written()).endsWith("\r\n\r\n1c\r\nhello world, that is 27 long\r\n1\r\nc\r\n0\r\n\r\n");
    }

    @Test
    void passesLargeBodiesWithoutACopy() {
        for (int length : new int[] {Output.COPY_LIMIT, Output.COPY_LIMIT + 1, 200_000}) {
            String body = "x".repeat(length);
            scene.send(stream -> {
                stream.writeHead(get(), false);
                stream.writeData(scene.bytes(body), true);
            });
            assertThat(scene.written())
                    .endsWith("\r\n\r\n" + Integer.toHexString(length) + "\r\n" + body + "\r\n0\r\n\r\n");
            scene.receive(OK);
        }
    }

    @Test
    void writesTrailersOnlyWhereTheyArePassedOn() {
        Headers trailers = new Headers();
        trailers.add("t", "u");
        scene.send(stream -> {
            stream.writeHead(get(), false);
            stream.writeTrailers(trailers);
        });

        assertThat(scene.written()).endsWith("\r\n\r\n0\r\n\r\n");
    }

    @Test
    void canBeUsedAgainWhenBothSidesAreComplete() {
        scene.send(stream -> stream.writeHead(get(), true));
        scene.receive("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nkeep-alive: 1\r\nconnection: x\r\n\r\na");
        assertThat(scene.told()).containsExactly("200 {content-length: 2}", "data a");
        scene.receive("b");
        assertThat(scene.told()).containsExactly("data b", "end", "reusable");

        scene.send(stream -> stream.writeHead(get(), true));
        scene.receive(CHUNKED + "1\r\na\r\n0\r\nt: u\r\n\r\n");
        assertThat(scene.told()).containsExactly("200", "data a", "end", "reusable");
        assertThat(scene.open()).isTrue();
    }

    @Test
    void closesWhereTheResponseEndsBeforeTheRequest() {
        scene.send(stream -> stream.writeHead(head("PUT", "/", "h", "", 3), false));
        scene.receive(OK);

        assertThat(scene.told()).containsExactly("200 {content-length: 0}", "end", "closed by us");
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 304 X,connection: close", "HTTP/1.0 304 X,x: y"})
    void closesWhereTheUpstreamWantsIt(String line, String field) {
        scene.send(stream -> stream.writeHead(get(), true));
        scene.receive(line + "\r\n" + field + "\r\n\r\n");

        assertThat(scene.told()).startsWith("close notify").endsWith("end", "closed by us");
    }

    @Test
    void endsABodyWithTheConnection() {
        scene.send(stream -> stream.writeHead(get(), true));
        scene.receive("HTTP/1.1 200 OK\r\n\r\nab");
        scene.disconnect();

        assertThat(scene.told()).startsWith("200", "data ab", "end").doesNotContain("protocol error");
    }

    @ParameterizedTest
    @CsvSource({
        "'',                CONNECTION_TERMINATION",
        "HTTP/1.1 200 O,    PROTOCOL_ERROR",
        "'HTTP/1.1 200 OK;content-length: 2;;a', PROTOCOL_ERROR",
        "'HTTP/1.1 200 OK;transfer-encoding: chunked;;1;a;', PROTOCOL_ERROR",
    })
    void tellsWhetherAMessageWasCut(String received, String reason) {
        scene.send(stream -> stream.writeHead(get(), true));
        scene.receive(received.replace(";", "\r\n"));
        scene.disconnect();

        assertThat(scene.told()).contains("reset " + reason).endsWith("closed by them with a request");
    }

    @Test
    void closesWhereBytesComeThatNobodyAskedFor() {
        scene.send(stream -> stream.writeHead(get(), true));
        scene.receive(OK);
        scene.told();
        scene.receive(OK);

        assertThat(scene.told()).containsExactly("closed by us");
    }

    @Test
    void closesWhereMoreFollowsTheResponse() {
        scene.send(stream -> stream.writeHead(get(), true));
        scene.receive(OK + "H");

        assertThat(scene.told()).contains("protocol error").endsWith("closed by us");
    }

    @Test
    void resetsTheStreamWhereTheUpstreamBreaksTheProtocol() {
        scene.send(stream -> stream.writeHead(get(), true));
        scene.receive("SSH-2.0\r\n\r\n");

        assertThat(scene.told())
                .containsExactly("protocol error", "reset PROTOCOL_ERROR", "closed by us with a request");
    }

    @Test
    void tellsNothingMoreOfAStreamThatWasReset() {
        scene.send(stream -> {
            stream.writeHead(get(), true);
            stream.reset();
        });

        assertThat(scene.told()).containsExactly("closed by us with a request");
    }

    @Test
    void isUntouchedUntilAByteHasLeft() {
        assertThat(scene.untouchedAfter(stream -> {})).isTrue();
        assertThat(scene.untouchedAfter(stream -> stream.writeHead(get(), true)))
                .isFalse();
        scene.receive(OK);
        assertThat(scene.untouchedAfter(stream -> {})).as("the next request").isTrue();
    }

    @Test
    void stopsReadingWhenNobodyTakesTheBodyAndGoesOnAtHalf() {
        int window = ReadWindow.WINDOW_BYTES;
        scene.send(stream -> stream.writeHead(get(), true));
        scene.receive("HTTP/1.1 200 OK\r\ncontent-length: " + 10 * window + "\r\n\r\n" + "x".repeat(window - 1));
        assertThat(scene.reading()).isTrue();
        scene.receive("x");
        assertThat(scene.reading()).isFalse();

        scene.consume(window / 2 - 1);
        assertThat(scene.reading()).isFalse();
        scene.consume(1);
        assertThat(scene.reading()).isTrue();
        assertThat(scene.told()).containsSubsequence("paused", "resumed");
    }
}
