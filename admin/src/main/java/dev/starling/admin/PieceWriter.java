package dev.starling.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * A page in pieces of about {@value #PIECE_CHARS} characters, each written when it is asked for: however long the page, and
 * however slow its reader, one piece is all that is held.
 */
final class PieceWriter implements Iterator<String> {

    private static final int PIECE_CHARS = 16 * 1024;

    /** Writes the next few lines to wherever the page is written. */
    @FunctionalInterface
    interface Step {
        void write() throws IOException;
    }

    private final StringBuilder page;
    private final Iterator<Step> steps;

    /** @param page what the steps write to */
    PieceWriter(StringBuilder page, Iterator<Step> steps) {
        this.page = page;
        this.steps = steps;
    }

    @Override
    public boolean hasNext() {
        return steps.hasNext();
    }

    @Override
    public String next() {
        if (!steps.hasNext()) {
            throw new NoSuchElementException();
        }
        page.setLength(0);
        try {
            while (steps.hasNext() && page.length() < PIECE_CHARS) {
                steps.next().write();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to a string", e);
        }
        return page.toString();
    }
}
