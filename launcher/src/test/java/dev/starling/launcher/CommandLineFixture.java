package dev.starling.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A command line with its output and what came of it. */
final class CommandLineFixture {

    static final int CORES = 6;

    final RecordingRunner runner = new RecordingRunner();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Starling starling = new Starling(
            runner,
            CORES,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));

    int run(String... words) {
        return starling.run(words);
    }

    /** Of a command line that must be taken. */
    Options optionsOf(String... words) {
        int code = run(words);
        assertThat(err()).isEmpty();
        assertThat(code).isZero();
        return runner.asked.getLast().options();
    }

    /** Of a command line that must be refused before anything runs. */
    String complaintAbout(String... words) {
        int code = run(words);
        assertThat(code).isEqualTo(1);
        assertThat(runner.asked).isEmpty();
        return err();
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
