package dev.starling.config;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with every problem found. Becomes the NACK text or the start-up error. */
public final class InvalidConfigException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public InvalidConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public InvalidConfigException(Problem problem) {
        this(List.of(problem));
    }

    /** In the order of the source; never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
