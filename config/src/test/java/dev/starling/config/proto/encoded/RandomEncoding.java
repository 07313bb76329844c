package dev.starling.config.proto.encoded;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes the bytes of messages in ways that no serializer of messages would, but that can mostly be parsed. */
final class RandomEncoding {

    private final RandomGenerator random;

    RandomEncoding(RandomGenerator random) {
        this.random = random;
    }

    /** One field, somewhere inside, twice, gone, empty, zero, in one piece, or there where it was not. */
    ByteString changed(ByteString bytes, Descriptor type) throws InvalidProtocolBufferException {
        var fields = UnknownFieldSet.parseFrom(bytes);
        var numbers = List.copyOf(fields.asMap().keySet());
        if (numbers.isEmpty() || random.nextInt(8) == 0) {
            return type.getFields().isEmpty() ? bytes : added(fields, type).toByteString();
        }
        int number = numbers.get(random.nextInt(numbers.size()));
        var field = fields.getField(number);
        var known = type.findFieldByNumber(number);
        boolean isMessage = known != null
                && known.getJavaType() == JavaType.MESSAGE
                && !field.getLengthDelimitedList().isEmpty();
        var next = isMessage && random.nextInt(5) > 0
                ? inside(field, known.getMessageType())
                : changed(field, known != null && known.isPackable());
        return fields.toBuilder()
                .clearField(number)
                .mergeField(number, next)
                .build()
                .toByteString();
    }

    private UnknownFieldSet added(UnknownFieldSet fields, Descriptor type) {
        FieldDescriptor field =
                type.getFields().get(random.nextInt(type.getFields().size()));
        var empty = field.isPackable() && !field.isPacked()
                ? Field.newBuilder().addVarint(0)
                : Field.newBuilder().addLengthDelimited(ByteString.EMPTY);
        return fields.toBuilder().mergeField(field.getNumber(), empty.build()).build();
    }

    private Field inside(Field field, Descriptor type) throws InvalidProtocolBufferException {
        var changed = Field.newBuilder();
        int place = random.nextInt(field.getLengthDelimitedList().size());
        for (int i = 0; i < field.getLengthDelimitedList().size(); i++) {
            var element = field.getLengthDelimitedList().get(i);
            changed.addLengthDelimited(i == place ? changed(element, type) : element);
        }
        return changed.build();
    }

    private Field changed(Field field, boolean isNumber) {
        return switch (random.nextInt(isNumber ? 4 : 3)) {
            case 0 -> Field.newBuilder(field).mergeFrom(field).build();
            case 1 -> Field.getDefaultInstance();
            case 2 ->
                isNumber
                        ? Field.newBuilder().addVarint(0).build()
                        : Field.newBuilder()
                                .addLengthDelimited(ByteString.EMPTY)
                                .build();
            default -> Field.newBuilder().addLengthDelimited(pieces(field)).build();
        };
    }

    private static ByteString pieces(Field field) {
        var pieces = ByteString.newOutput();
        for (long number : field.getVarintList()) {
            pieces.write((int) (number & 0x7f));
        }
        return pieces.toByteString();
    }
}
