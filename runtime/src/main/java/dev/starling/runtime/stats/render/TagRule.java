package dev.starling.runtime.stats.render;

import org.jspecify.annotations.Nullable;

/** Finds one tag in a stat's name. */
interface TagRule {

    String tag();

    /** The first token of the names that may have the tag; empty for any. */
    String prefix();

    /** Where the tag is in the name, or null. */
    @Nullable
    Cut find(NameTokens name);

    /** The part that leaves the name, and within it the value. */
    record Cut(int start, int end, int valueStart, int valueEnd) {

        /** A token, and the dot that would be left without it. */
        static Cut ofTokens(NameTokens name, int first, int last) {
            int start = name.start(first);
            int end = name.end(last);
            return last == name.count() - 1 ? new Cut(start - 1, end, start, end) : new Cut(start, end + 1, start, end);
        }
    }
}
