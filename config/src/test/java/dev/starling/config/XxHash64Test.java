package dev.starling.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XxHash64Test {

    /** The first four from Envoy's own tests, the others from the reference implementation. */
    @ParameterizedTest
    @CsvSource({
        "'', 17241709254077376921",
        "foo, 3728699739546630719",
        "bar, 5234164152756840025",
        "lyft, 4400747396090729504",
        "123456789, 10139926970967174787",
        "the quick brown fox jumps over the lazy dog and then some more, 2902189899874555769"
    })
    void agreesWithKnownAnswers(String text, String unsigned) {
        assertThat(Long.toUnsignedString(XxHash64.hash(text.getBytes(StandardCharsets.UTF_8), 0)))
                .isEqualTo(unsigned);
    }

    @Test
    void dependsOnTheSeed() {
        assertThat(Long.toUnsignedString(XxHash64.hash("foo".getBytes(StandardCharsets.UTF_8), 1)))
                .isEqualTo("14071536367944281277");
    }
}
