package dev.starling.runtime.stats.render;

import dev.starling.runtime.stats.StatsStore;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A page of {@code /stats} in pieces of about {@value #PIECE_CHARS} characters, each made when it is asked for: a
 * hundred thousand stats are never one string, and whoever reads slowly holds one piece.
 */
public final class StatsPage implements Iterator<String> {

    private static final int PIECE_CHARS = 16 * 1024;

    private final StatsWriter writer;
    private final StringBuilder piece = new StringBuilder(PIECE_CHARS + 1024);
    private @Nullable String next;

    private StatsPage(StatsWriter writer) {
        this.writer = writer;
        this.next = read();
    }

    public static StatsPage of(StatsStore store, StatsQuery query) {
        return new StatsPage(
                switch (query.format()) {
                    case TEXT -> new TextStats(SelectedStats.inOrder(store, query), query.histogramMode());
                    case JSON -> new JsonStats(SelectedStats.inOrder(store, query), query.histogramMode());
                    case PROMETHEUS -> new PrometheusStats(store, query);
                });
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public String next() {
        String current = next;
        if (current == null) {
            throw new NoSuchElementException();
        }
        next = read();
        return current;
    }

    private @Nullable String read() {
        piece.setLength(0);
        boolean more = true;
        while (more && piece.length() < PIECE_CHARS) {
            more = writer.write(piece);
        }
        return piece.isEmpty() ? null : piece.toString();
    }
}
