package dev.starling.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.Http1Options;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** Reads what stands on the wire, however it is cut, and insists that the cuts make no difference and nothing leaks. */
final class Reading {

    /** Longer messages are cut at fewer places. */
    private static final int CUTS = 2000;

    private Reading() {}

    static List<String> requests(String wire) {
        return requests(wire, Http1Options.DEFAULT);
    }

    static List<String> requests(String wire, Http1Options options) {
        return inAnyPieces(wire, transcript -> transcript.requests(options));
    }

    /** The response to a GET. */
    static List<String> response(String wire) {
        return response("GET", wire);
    }

    /** The response to a request with this method; {@code UPGRADE} is a GET that asks for another protocol. */
    static List<String> response(String method, String wire) {
        return inAnyPieces(wire, transcript -> {
            ResponseDecoder decoder = transcript.responses(Transcript.MAX_HEAD_BYTES, Transcript.MAX_FIELDS);
            decoder.expect(method.equals("HEAD"), method.equals("CONNECT"), method.equals("UPGRADE"));
            return decoder;
        });
    }

    static List<String> inAnyPieces(String wire, Function<Transcript, Http1Decoder> reader) {
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
        List<String> whole = inPieces(bytes, reader);
        int step = Math.max(1, bytes.length / CUTS);
        for (int cut = 1; cut < bytes.length; cut += step) {
            assertThat(inPieces(bytes, reader, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
        int[] everywhere = new int[Math.max(0, bytes.length - 1)];
        for (int i = 0; i < everywhere.length; i++) {
            everywhere[i] = i + 1;
        }
        assertThat(inPieces(bytes, reader, everywhere)).as("byte by byte").isEqualTo(whole);
        return whole;
    }

    /** @param cuts rising positions at which one piece ends and the next begins */
    static List<String> inPieces(byte[] wire, Function<Transcript, Http1Decoder> reader, int... cuts) {
        Transcript transcript = new Transcript();
        Http1Decoder decoder = reader.apply(transcript);
        int from = 0;
        boolean open = true;
        for (int i = 0; open && i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : wire.length;
            open = transcript.feed(decoder, wire, from, to);
            from = to;
        }
        decoder.release();
        assertThat(transcript.usedBytes()).as("bytes that were not released").isZero();
        return transcript.lines();
    }
}
