package dev.starling.runtime.route;

/** What became of a path that was normalised. */
public sealed interface PathVerdict {

    enum Fixed implements PathVerdict {
        UNCHANGED,
        /** Answer 400. */
        REJECTED
    }

    /** Go on with this path and query. */
    record Changed(String path) implements PathVerdict {}

    /** Answer 307 with this location; gRPC requests are rejected instead. */
    record Redirected(String location) implements PathVerdict {}
}
