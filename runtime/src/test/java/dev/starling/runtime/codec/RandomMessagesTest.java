package dev.starling.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.Http1Options;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Messages by chance, whole and broken: what is valid is read as it was meant, what is not is refused and lets go. */
class RandomMessagesTest {

    private static final int MESSAGES = 2000;
    private static final int MUTANTS = 20_000;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);

    RandomMessagesTest() {
        System.out.println("RandomMessagesTest -Dseed=" + seed);
    }

    private static byte[] bytes(String wire) {
        return wire.getBytes(StandardCharsets.ISO_8859_1);
    }

    private int[] cuts(int length) {
        return random.ints(random.nextInt(20), 1, Math.max(2, length))
                .sorted()
                .distinct()
                .toArray();
    }

    @Test
    void readsPipelinedRequestsHoweverTheyAreWrittenAndCut() {
        for (int i = 0; i < MESSAGES; i++) {
            StringBuilder wire = new StringBuilder();
            List<String> lines = new ArrayList<>();
            for (int k = random.nextInt(1, 4); k > 0; k--) {
                RandomMessage message = RandomMessage.request(random);
                wire.append(message.wire());
                lines.addAll(message.lines());
            }
            int[] cuts = cuts(wire.length());

            assertThat(Reading.inPieces(bytes(wire.toString()), RandomMessagesTest::requests, cuts))
                    .as("seed %d: %s", seed, wire)
                    .isEqualTo(lines);
        }
    }

    @Test
    void readsResponsesHoweverTheyAreWrittenAndCut() {
        for (int i = 0; i < MESSAGES; i++) {
            RandomMessage message = RandomMessage.response(random);
            int[] cuts = cuts(message.wire().length());

            assertThat(Reading.inPieces(bytes(message.wire()), RandomMessagesTest::responses, cuts))
                    .as("seed %d: %s", seed, message.wire())
                    .isEqualTo(message.lines());
        }
    }

    /** {@link Reading} lets any exception but a refusal pass, and finds what is not released. */
    @Test
    void readsOrRefusesBrokenRequestsHoweverTheyAreCut() {
        mutants(
                () -> RandomMessage.request(random).wire()
                        + RandomMessage.request(random).wire(),
                RandomMessagesTest::requests);
    }

    @Test
    void readsOrRefusesBrokenResponsesHoweverTheyAreCut() {
        mutants(() -> RandomMessage.response(random).wire(), RandomMessagesTest::responses);
    }

    private void mutants(Supplier<String> messages, Function<Transcript, Http1Decoder> reader) {
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] wire = mutant(bytes(messages.get()));
            List<String> whole = Reading.inPieces(wire, reader);
            int[] cuts = cuts(wire.length);

            assertThat(Reading.inPieces(wire, reader, cuts))
                    .as("seed %d: %s", seed, new String(wire, StandardCharsets.ISO_8859_1))
                    .isEqualTo(whole);
            refused += !whole.isEmpty() && whole.getLast().matches("(400|403|426|431|501) http1?\\..*") ? 1 : 0;
        }
        assertThat(refused).as("refused with seed %d", seed).isBetween(MUTANTS / 20, MUTANTS);
    }

    private byte[] mutant(byte[] wire) {
        StringBuilder text = new StringBuilder(new String(wire, StandardCharsets.ISO_8859_1));
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(5)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.setCharAt(at, "\r\n\0 \t:;,0f".charAt(random.nextInt(10)));
                case 2 -> text.insert(at, "\r\n\0 \t:;,0f".charAt(random.nextInt(10)));
                case 3 -> text.deleteCharAt(at);
                default -> text.insert(at, text.substring(random.nextInt(at + 1), at));
            }
        }
        return bytes(text.toString());
    }

    private static Http1Decoder requests(Transcript transcript) {
        return transcript.requests(Http1Options.DEFAULT);
    }

    private static Http1Decoder responses(Transcript transcript) {
        ResponseDecoder decoder = transcript.responses(Transcript.MAX_HEAD_BYTES, Transcript.MAX_FIELDS);
        decoder.expect(false, false, false);
        return decoder;
    }
}
