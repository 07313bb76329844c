package dev.starling.config.proto.core;

import dev.starling.config.proto.ValidationContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads repeated fields: each element at its own place, so that one wrong element hides none of the others. */
public final class Elements {

    private Elements() {}

    /** Reads one message; null after a problem. */
    @FunctionalInterface
    public interface Reader<M, R> {
        @Nullable
        R read(M message, ValidationContext context);
    }

    /** Leaves out what has a problem. */
    public static <M, R> List<R> read(List<M> messages, ValidationContext context, String field, Reader<M, R> reader) {
        var read = new ArrayList<R>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            var element = reader.read(messages.get(i), context.field(field, i));
            if (element != null) {
                read.add(element);
            }
        }
        return read;
    }
}
