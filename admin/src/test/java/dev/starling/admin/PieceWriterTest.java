package dev.starling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PieceWriterTest {

    @Test
    void writesNoFurtherThanAPieceAhead() {
        StringBuilder page = new StringBuilder();
        AtomicInteger written = new AtomicInteger();
        var steps = Chain.flat(
                IntStream.range(0, 1000).iterator(),
                _ -> Chain.<PieceWriter.Step>one(() -> {
                    written.incrementAndGet();
                    page.append("x".repeat(1024));
                }));

        PieceWriter pieces = new PieceWriter(page, steps);
        assertThat(pieces.next()).hasSize(16 * 1024);
        assertThat(written).hasValue(16);

        List<String> rest = new ArrayList<>();
        pieces.forEachRemaining(rest::add);
        assertThat(String.join("", rest)).hasSize(984 * 1024);
    }
}
