package dev.starling.config.proto.encoded;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import org.jspecify.annotations.Nullable;

/**
 * A field that may be there.
 *
 * @param tag its number and type on the wire
 * @param bit its own among those of its message
 * @param isRepeated whether it may be there again
 * @param bound how often, if that is bounded
 */
record EncodedField(
        int tag, long bit, boolean isRepeated, @Nullable Bound bound, EncodedContent content) {

    private static final int NUMBER_SHIFT = 3;

    /** @param place where its elements are counted */
    record Bound(int place, long least, long most) {}

    static EncodedField of(FieldDescriptor field, long bit, @Nullable Bound bound, EncodedContent content) {
        int wireType = field.isPacked()
                ? WireFormat.WIRETYPE_LENGTH_DELIMITED
                : field.getLiteType().getWireType();
        return new EncodedField(field.getNumber() << NUMBER_SHIFT | wireType, bit, field.isRepeated(), bound, content);
    }

    static int number(int tag) {
        return tag >>> NUMBER_SHIFT;
    }

    /** Whether it may come after those; twice, it would be merged or replaced. */
    boolean mayFollow(long seen) {
        return isRepeated || (seen & bit) == 0;
    }
}
