package dev.starling.runtime.stats;

/**
 * The bucket boundaries of circllhist for whole numbers: two significant decimal digits, so that a bucket is a mantissa
 * from 10 to 99 and a power of ten. Indexes grow with the value: 0 to 99 are the value itself, each further decade has
 * ninety. (libcircllhist, circllhist.c, "hist_bucket_t")
 */
final class LogLinearBuckets {

    /** Longs have 19 digits: a hundred small values and ninety buckets for each of the other seventeen decades. */
    static final int COUNT = 100 + 17 * 90;

    private static final double[] POWERS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18
    };

    private LogLinearBuckets() {}

    /** Divisors are constants on each branch, which the compiler turns into multiplications. */
    static int index(long value) {
        if (value < 100) {
            return (int) Math.max(value, 0);
        }
        if (value < 1_000) {
            return 90 + (int) (value / 10);
        }
        if (value < 10_000) {
            return 180 + (int) (value / 100);
        }
        if (value < 100_000) {
            return 270 + (int) (value / 1_000);
        }
        int decade = 4;
        long rest = value / 10_000;
        while (rest >= 100) {
            rest /= 10;
            decade++;
        }
        return decade * 90 + (int) rest;
    }

    /**
     * The least value of a bucket, with the rounding of circllhist, which goes by way of one digit before the point:
     * 110 is 110.00000000000001.
     */
    static double lower(int index) {
        return index < 10 ? index : mantissa(index) / 10.0 * POWERS[exponent(index)];
    }

    /** One unit of the second digit; nothing for the bucket of zero. */
    static double width(int index) {
        if (index == 0) {
            return 0;
        }
        return index < 10 ? 0.1 : POWERS[exponent(index)] / 10.0;
    }

    /** The power of ten of the first digit. */
    private static int exponent(int index) {
        return (index - 10) / 90 + 1;
    }

    private static int mantissa(int index) {
        return index - 90 * ((index - 10) / 90);
    }
}
