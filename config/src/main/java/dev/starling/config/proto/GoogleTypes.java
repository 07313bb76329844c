package dev.starling.config.proto;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

/** Tells Google's own messages, which carry no rules, by their names. */
public final class GoogleTypes {

    private GoogleTypes() {}

    public static boolean has(Descriptor type) {
        return type.getFile().getPackage().equals("google.protobuf");
    }

    /** The one that has something of others inside. */
    public static boolean isAny(Descriptor type) {
        return type.getFullName().equals(Any.getDescriptor().getFullName());
    }

    /** Whether the field is of that message. */
    public static boolean is(FieldDescriptor field, Message message) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && field.getMessageType()
                        .getFullName()
                        .equals(message.getDescriptorForType().getFullName());
    }
}
