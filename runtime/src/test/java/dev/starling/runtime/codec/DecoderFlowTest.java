package dev.starling.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.Http1Options;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a decoder goes on, waits, stops and lets go of what it holds. */
class DecoderFlowTest {

    private static final String POST = "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 6\r\n\r\n";
    private static final String TOLD = "POST / h length 6 {content-length: 6}";
    private static final String GET = "GET /2 HTTP/1.1\r\nhost: h\r\n\r\n";

    private final Transcript transcript = new Transcript();
    private Http1Decoder decoder = transcript.requests(Http1Options.DEFAULT);

    private boolean feed(String wire) {
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
        return transcript.feed(decoder, bytes, 0, bytes.length);
    }

    private void answer(boolean head) {
        ResponseDecoder responses = transcript.responses(Transcript.MAX_HEAD_BYTES, Transcript.MAX_FIELDS);
        responses.expect(head, false, false);
        decoder = responses;
    }

    @AfterEach
    void holdsNothingAfterItsRelease() {
        decoder.release();
        assertThat(decoder.held()).isZero();
        assertThat(transcript.usedBytes()).isZero();
    }

    @Test
    void deliversABodyAsItComes() {
        feed(POST + "ab");
        assertThat(transcript.lines()).containsExactly(TOLD, "data ab");
        assertThat(decoder.held()).isZero();

        feed("cd");
        assertThat(transcript.lines()).containsExactly(TOLD, "data abcd");

        feed("ef" + GET);
        assertThat(transcript.lines()).containsExactly(TOLD, "data abcdef", "end", "GET /2 h", "end");
    }

    @Test
    void waitsWhileNothingMoreIsWanted() {
        transcript.lineLimit = 1;
        feed(POST + "abcdef");
        feed(GET);
        assertThat(transcript.lines()).containsExactly(TOLD);
        assertThat(decoder.held()).isEqualTo(6 + GET.length());

        transcript.resume(decoder);
        assertThat(transcript.lines()).containsExactly(TOLD, "data abcdef", "end", "GET /2 h", "end");
        assertThat(decoder.held()).isZero();
    }

    @Test
    void waitsBetweenChunks() {
        feed("POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n1\r");
        transcript.lineLimit = 1;
        feed("\na\r\n0\r\n\r\n");
        assertThat(transcript.lines()).containsExactly("POST / h length -1");

        transcript.resume(decoder);
        assertThat(transcript.lines()).containsExactly("POST / h length -1", "data a", "end");
    }

    @Test
    void holdsAPipelinedResponseUntilItsRequest() {
        answer(false);
        feed("HTTP/1.1 304 X\r\n\r\nHTTP/1.1 304 Y\r\n");
        assertThat(transcript.lines()).containsExactly("304", "end");
        assertThat(decoder.held()).isEqualTo("HTTP/1.1 304 Y\r\n".length());

        ((ResponseDecoder) decoder).expect(false, false, false);
        feed("\r\n");
        assertThat(transcript.lines()).containsExactly("304", "end", "304", "end");
    }

    @Test
    void countsInformationalResponsesForEachRequestAnew() {
        answer(false);
        for (int request = 0; request < 3; request++) {
            feed("HTTP/1.1 102 X\r\n\r\n".repeat(10) + "HTTP/1.1 304 X\r\n\r\n");
            ((ResponseDecoder) decoder).expect(false, false, false);
        }
        assertThat(transcript.lines()).hasSize(36).doesNotContain("400 http1.codec_error");
    }

    @Test
    void readsNothingAfterItWasStopped() {
        feed(POST + "ab");
        decoder.stop();
        feed("cd");

        assertThat(transcript.lines()).containsExactly(TOLD, "data ab");
        assertThat(transcript.usedBytes()).isZero();
    }

    @Test
    void readsNothingAfterARefusal() {
        assertThat(feed("GET / HTTP/3.7\r\n\r\n" + GET)).isFalse();
        feed(GET);
        transcript.resume(decoder);

        assertThat(transcript.lines()).containsExactly("400 low_version");
    }

    @Test
    void readsTheNextHeadWhereTheLastOneEndedThePiece() {
        feed(GET);
        feed("\r\n");
        feed(GET.substring(0, 20));
        feed(GET.substring(20));

        assertThat(transcript.lines()).containsExactly("GET /2 h", "end", "GET /2 h", "end");
    }

    @Test
    void knowsWhetherAConnectionEndsInsideAMessage() {
        answer(false);
        assertThat(decoder.cut()).isFalse();
        feed("HTTP/1.1");
        assertThat(decoder.cut()).isTrue();
        feed(" 200 OK\r\ncontent-length: 2\r\n\r\n");
        assertThat(decoder.cut()).isTrue();
        feed("a");
        assertThat(decoder.cut()).isTrue();
        feed("b");
        assertThat(decoder.cut()).isFalse();
        assertThat(decoder.endsWithConnection()).isFalse();
    }

    @Test
    void isCutUntilTheLastChunkHasItsEnd() {
        answer(false);
        for (String piece : new String[] {
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "1\r\n", "a", "\r\n", "0\r\n", "x: y\r\n", "\r"
        }) {
            feed(piece);
            assertThat(decoder.cut()).as(piece).isTrue();
        }
        feed("\n");
        assertThat(decoder.cut()).isFalse();
    }

    @Test
    void isNotCutWhereTheConnectionIsTheEnd() {
        answer(false);
        feed("HTTP/1.1 200 OK\r\n\r\nab");

        assertThat(decoder.cut()).isFalse();
        assertThat(decoder.endsWithConnection()).isTrue();
    }

    @Test
    void releasesWhatItHolds() {
        feed(GET.substring(0, 10));
        assertThat(decoder.held()).isEqualTo(10);

        decoder.release();

        assertThat(decoder.held()).isZero();
        assertThat(transcript.usedBytes()).isZero();
    }
}
