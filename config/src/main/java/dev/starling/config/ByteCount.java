package dev.starling.config;

/** A size or bound in bytes, not negative. */
public record ByteCount(long bytes) {

    public ByteCount {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative byte count: " + bytes);
        }
    }

    public static ByteCount kibibytes(long kibibytes) {
        return new ByteCount(Math.multiplyExact(kibibytes, 1024));
    }

    public static ByteCount mebibytes(long mebibytes) {
        return new ByteCount(Math.multiplyExact(mebibytes, 1024 * 1024));
    }

    /** The value for a hot loop; counts past two gibibytes are cut there. */
    public int clampedToInt() {
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }
}
