package dev.starling.xds.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.starling.xds.resource.Held;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeTest {

    private static Change<String> updated(String version, String name, String... aliases) {
        var held = new Held<>(
                name, version, List.of(aliases), Any.getDefaultInstance(), name + version, 0, Instant.EPOCH, false);
        return new Change<>(version, List.of(held), List.of(), List.of());
    }

    private static Change<String> removed(String version, String... names) {
        return new Change<>(version, List.of(), List.of(names), List.of());
    }

    private static Change<String> refused(String version, String name) {
        return new Change<>(version, List.of(), List.of(), List.of(new Refusal(name, "bad in " + version)));
    }

    private static String write(Change<String> change) {
        return change.version() + " "
                + change.updated().stream().map(Held::resource).toList() + change.removed()
                + change.refused().stream().map(Refusal::reason).toList();
    }

    @Test
    void ofEachNameTheLastWordStays() {
        assertThat(write(updated("1", "a").then(updated("2", "a")))).isEqualTo("2 [a2][][]");
        assertThat(write(updated("1", "a").then(updated("2", "b")))).isEqualTo("2 [a1, b2][][]");
        assertThat(write(updated("1", "a").then(removed("2", "a")))).isEqualTo("2 [][a][]");
        assertThat(write(removed("1", "a").then(updated("2", "a")))).isEqualTo("2 [a2][][]");
        assertThat(write(removed("1", "a", "b").then(removed("2", "a")))).isEqualTo("2 [][b, a][]");
    }

    @Test
    void aRefusalTakesNothingBackAndGoesWithTheNextWord() {
        assertThat(write(updated("1", "a").then(refused("2", "a")))).isEqualTo("2 [a1][][bad in 2]");
        assertThat(write(refused("1", "a").then(refused("2", "a")))).isEqualTo("2 [][][bad in 2]");
        assertThat(write(refused("1", "a").then(updated("2", "a")))).isEqualTo("2 [a2][][]");
        assertThat(write(refused("1", "a").then(refused("2", "b")))).isEqualTo("2 [][][bad in 1, bad in 2]");
    }

    @Test
    void aliasesAreNamesToo() {
        assertThat(write(updated("1", "x", "a").then(removed("2", "a")))).isEqualTo("2 [][a][]");
        assertThat(write(removed("1", "a").then(updated("2", "x", "a")))).isEqualTo("2 [x2][][]");
    }
}
