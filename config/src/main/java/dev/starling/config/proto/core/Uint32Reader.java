package dev.starling.config.proto.core;

import com.google.protobuf.UInt32Value;

/** Reads 32-bit counts, which Java holds with a sign. */
public final class Uint32Reader {

    private Uint32Reader() {}

    public static long asLong(int uint32) {
        return Integer.toUnsignedLong(uint32);
    }

    public static long longOr(long otherwise, boolean present, UInt32Value value) {
        return present ? asLong(value.getValue()) : otherwise;
    }

    /** For what is counted in an {@code int}: more than two thousand million is as good as that. */
    public static int clamped(int uint32) {
        return uint32 < 0 ? Integer.MAX_VALUE : uint32;
    }

    public static int clampedOr(int otherwise, boolean present, UInt32Value value) {
        return present ? clamped(value.getValue()) : otherwise;
    }
}
