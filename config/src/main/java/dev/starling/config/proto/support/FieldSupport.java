package dev.starling.config.proto.support;

import com.google.protobuf.Descriptors.FieldDescriptor;

/** What this build does with each field of each message, from the lists beside the code. Immutable. */
public final class FieldSupport {

    /** The list beside this class: {@code supported-fields.txt}. */
    public static FieldSupport builtIn() {
        throw new UnsupportedOperationException();
    }

    /** Lists of an extension module, added to these. */
    public FieldSupport plus(String name, String list) {
        throw new UnsupportedOperationException();
    }

    /** Whether the message is named in a list at all. An extension whose type is not must be refused where it is looked up. */
    public boolean lists(String messageName) {
        throw new UnsupportedOperationException();
    }

    public boolean honours(FieldDescriptor field) {
        throw new UnsupportedOperationException();
    }
}
