package dev.starling.runtime.control;

/** What became of an update that was asked for; told when it is known, which may take the time of warming. */
public sealed interface UpdateResult {

    enum Done implements UpdateResult {
        /** The new version serves. */
        IN_SERVICE,
        /** What was asked for is in service, or on its way, already. */
        UNCHANGED,
        /** It no longer is, or never was. */
        REMOVED,
        /** A newer update took its place before it was in service. */
        SUPERSEDED,
        /** It belongs to the bootstrap, which cannot be changed from outside, or its direction has been drained. */
        IGNORED
    }

    /** The version before it, if any, stays. */
    record Failed(String reason) implements UpdateResult {}
}
