package dev.starling.admin;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The actors behind {@code /actors}, asked when somebody looks. */
@FunctionalInterface
public interface ActorTree {

    /**
     * The actor at the path and those below it.
     *
     * @param path names from the guardian's children on; empty for all
     * @return empty if there is nothing at the path; else maps, lists and plain values, which become JSON as they are. It
     *     completes in any case, and with what is known where an actor does not answer in time
     */
    CompletionStage<Optional<Object>> inspect(List<String> path);
}
