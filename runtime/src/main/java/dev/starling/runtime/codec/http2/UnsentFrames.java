package dev.starling.runtime.codec.http2;

/**
 * Counts frames that were written and have not left for the kernel, in two spans of what was written: when the older has left,
 * the younger takes its place. So the count is exact when everything has left and never too small.
 */
final class UnsentFrames {

    private int older;
    private int younger;
    private long olderEnds;
    private long youngerEnds;

    /** A frame whose last byte is the connection's {@code written}th. */
    void add(long written) {
        younger++;
        youngerEnds = written;
    }

    /** How many have not left when {@code sent} bytes of the connection have. */
    int count(long sent) {
        if (sent >= olderEnds) {
            older = younger;
            olderEnds = youngerEnds;
            younger = 0;
            if (sent >= olderEnds) {
                older = 0;
            }
        }
        return older + younger;
    }
}
