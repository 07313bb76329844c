package dev.starling.config.proto.source;

/** Bounds on what a text may make of the heap and the stack. */
final class SourceLimits {

    /** Objects and lists in each other; protobuf's own bound on nested messages. */
    static final int MAX_DEPTH = 100;

    /** Values after aliases are expanded: a bootstrap with 50,000 clusters has about 1.5 million. */
    static final int MAX_VALUES = 4_000_000;

    private SourceLimits() {}
}
