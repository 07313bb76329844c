package dev.starling.config.proto.read;

import com.google.protobuf.Descriptors.FieldDescriptor;

/** Where null is a value and not the absence of one. */
final class NullReader {

    private NullReader() {}

    static boolean takesNull(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName().equals("google.protobuf.Value");
            case ENUM -> field.getEnumType().getFullName().equals("google.protobuf.NullValue");
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING -> false;
        };
    }
}
