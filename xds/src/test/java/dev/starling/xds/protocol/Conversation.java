package dev.starling.xds.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.starling.xds.resource.ResourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Plays a written conversation with one type, line by line:
 *
 * <pre>
 * want * a b      all, and these names, are wanted from now on
 * reopen          a new stream
 * > ...           this, rendered by the variant, is said next; "> nothing" for silence
 * < ...           the server says this
 * ! +a -b ?c      the last response has updated a, removed b, and c was refused; "! nothing" for none of it
 * later 10s       time passes, and what has expired goes
 * held a b        this is what is held
 * </pre>
 *
 * At the end nothing is left to be said.
 */
final class Conversation<Q extends Message, A extends Message> {

    /** How a variant's messages are written. */
    interface Notation<Q, A> {
        String write(Q request);

        A read(List<String> words);
    }

    private final TypeState<String, Q, A> type;
    private final Notation<Q, A> notation;
    private Instant now = Instant.EPOCH;
    private String change = "nothing";

    Conversation(TypeState<String, Q, A> type, Notation<Q, A> notation) {
        this.type = type;
        this.notation = notation;
    }

    void plays(String script) {
        int number = 0;
        for (String line : script.strip().lines().toList()) {
            number++;
            List<String> words = Arrays.asList(line.strip().split("\\s+(?=([^']*'[^']*')*[^']*$)"));
            play(number + ": " + line, words.getFirst(), words.subList(1, words.size()));
        }
        assertThat(said()).as("at the end").isEqualTo("nothing");
    }

    private void play(String line, String verb, List<String> words) {
        String rest = String.join(" ", words);
        switch (verb) {
            case "want" -> {
                var names = new LinkedHashSet<>(
                        words.stream().map(ResourceName::canonical).toList());
                boolean all = names.remove("*");
                type.want(new Interest(all, names));
            }
            case "reopen" -> type.reopened();
            case ">" -> assertThat(said()).as(line).isEqualTo(rest);
            case "<" -> change = write(type.receive(notation.read(words), (_, _) -> Optional.empty(), now));
            case "!" -> assertThat(change).as(line).isEqualTo(rest);
            case "later" -> {
                now = now.plus(Duration.parse("PT" + rest));
                change = write(type.expire(now));
            }
            case "held" ->
                assertThat(type.held().stream().map(held -> held.name() + "=" + held.resource()))
                        .as(line)
                        .containsExactlyElementsOf(words);
            default -> throw new IllegalArgumentException(line);
        }
    }

    private String said() {
        return type.next().map(notation::write).orElse("nothing");
    }

    private static String write(Change<String> change) {
        List<String> words = new ArrayList<>();
        change.updated().forEach(held -> words.add("+" + held.name() + "=" + held.resource()));
        change.removed().forEach(name -> words.add("-" + name));
        change.refused().forEach(refusal -> words.add("?" + refusal.name()));
        return words.isEmpty() ? "nothing" : String.join(" ", words);
    }
}
