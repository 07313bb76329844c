package dev.starling.config.proto.encoded;

import dev.starling.config.proto.encoded.EncodedField.Bound;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the messages of one type are looked at. Never changes. */
final class EncodedPlan {

    /** As many as there are bits in a set of fields. */
    static final int MAX_FIELDS = Long.SIZE;

    /** Of a type whose messages are all left in doubt: something must be there that cannot be. */
    static final EncodedPlan DOUBTFUL = new EncodedPlan(new EncodedField[0], List.of(), 1);

    private final @Nullable EncodedField[] fields;
    private final List<Bound> bounds;
    private final long mandatory;
    private final long[] choices;

    /**
     * @param fields by number; null where one leaves doubt
     * @param bounds those of fields, in their places
     * @param mandatory the bits of all that must be there
     * @param choices the bits of which one must be there each
     */
    EncodedPlan(@Nullable EncodedField[] fields, List<Bound> bounds, long mandatory, long... choices) {
        this.fields = fields;
        this.bounds = List.copyOf(bounds);
        this.mandatory = mandatory;
        this.choices = choices;
    }

    /** Null where what follows leaves doubt. */
    @Nullable
    EncodedField field(int tag) {
        int number = EncodedField.number(tag);
        var field = number < fields.length ? fields[number] : null;
        return field != null && field.tag() == tag ? field : null;
    }

    /** How many fields are to be counted. */
    int counted() {
        return bounds.size();
    }

    /**
     * Whether nothing is missing, and nothing there too often or not often enough.
     *
     * @param seen the bits of what is there
     */
    boolean isComplete(long seen, int[] counts) {
        if ((seen & mandatory) != mandatory) {
            return false;
        }
        for (long choice : choices) {
            if ((seen & choice) == 0) {
                return false;
            }
        }
        for (int i = 0; i < counts.length; i++) {
            var bound = bounds.get(i);
            if (counts[i] > 0 && (counts[i] < bound.least() || counts[i] > bound.most())) {
                return false;
            }
        }
        return true;
    }
}
