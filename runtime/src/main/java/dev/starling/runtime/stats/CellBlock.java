package dev.starling.runtime.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Room for the values of a few stats that are used together: one row of cells for each event loop, made by that loop
 * when it first writes. A row has one writer, so that an increment is a plain read and write, and is padded, so that no
 * cell shares a cache line with anything another loop writes. Rows live as long as a stat that uses them: removing a
 * stat needs no agreement with loops that still hold it, and cells are never handed to another name.
 */
final class CellBlock {

    /** Stats that share a block: four cache lines a loop. */
    static final int CELLS = 32;

    /** With the 16 bytes of an array header, a full line before the first cell; a line less one cell after the last. */
    private static final int FRONT_PADDING = 6;

    private static final int BACK_PADDING = 7;

    private static final VarHandle ROW = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private CellBlock() {}

    static long[] @Nullable [] rows(int loops) {
        return new long[loops][];
    }

    /** Adds in the row of one loop, on that loop. */
    static void add(long[] @Nullable [] rows, int loop, int cell, long n) {
        long[] row = rows[loop];
        if (row == null) {
            row = new long[FRONT_PADDING + CELLS + BACK_PADDING];
            ROW.setRelease(rows, loop, row);
        }
        int at = FRONT_PADDING + cell;
        CELL.setOpaque(row, at, row[at] + n);
    }

    /** What all loops have added, as far as seen from this thread. */
    static long sum(long[] @Nullable [] rows, int cell) {
        long sum = 0;
        for (int loop = 0; loop < rows.length; loop++) {
            long[] row = (long[]) ROW.getAcquire(rows, loop);
            if (row != null) {
                sum += (long) CELL.getOpaque(row, FRONT_PADDING + cell);
            }
        }
        return sum;
    }
}
