package dev.starling.runtime.codec.http2;

/** Streams that we have reset, whose frames may still be on the way and are dropped; the last 128 of them. */
final class RecentResets {

    private static final int REMEMBERED = 128;

    private final int[] streams = new int[REMEMBERED];
    private int next;

    void add(int stream) {
        streams[next++ % REMEMBERED] = stream;
    }

    boolean contains(int stream) {
        for (int reset : streams) {
            if (reset == stream) {
                return true;
            }
        }
        return false;
    }
}
