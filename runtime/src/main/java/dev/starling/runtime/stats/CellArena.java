package dev.starling.runtime.stats;

import org.jspecify.annotations.Nullable;

/** Hands out cells so that the stats of one scope lie together. Guarded by the store's lock. */
final class CellArena {

    private final int loops;
    private long[] @Nullable [] rows;
    private int next = CellBlock.CELLS;

    CellArena(int loops) {
        this.loops = loops;
        this.rows = new long[0][];
    }

    Counter counter(String name) {
        int cell = nextCell();
        return new Counter(name, rows, cell);
    }

    Gauge gauge(String name) {
        int cell = nextCell();
        return new Gauge(name, rows, cell);
    }

    private int nextCell() {
        if (next == CellBlock.CELLS) {
            rows = CellBlock.rows(loops);
            next = 0;
        }
        return next++;
    }
}
