package dev.starling.xds.relay;

/** The bounds of serving; past each a client's stream ends with RESOURCE_EXHAUSTED. */
final class RelayLimits {

    /** Streams that are open at once. */
    static final int MAX_STREAMS = 10_000;

    /** Names that one client can ask for of one type. */
    static final int MAX_NAMES = 100_000;

    static final int INVALID_ARGUMENT = 3;
    static final int PERMISSION_DENIED = 7;
    static final int RESOURCE_EXHAUSTED = 8;
    static final int OK = 0;

    private RelayLimits() {}
}
