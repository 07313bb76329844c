package dev.starling.config.proto;

import com.google.protobuf.Internal;
import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/**
 * Turns the configuration of one extension into a record. What it accepts can be built without failing.
 *
 * @param <P> the message it is configured with; its full name is the type URL
 */
public interface ExtensionFactory<P extends Message> {

    /** The name Envoy gives it, such as {@code envoy.filters.http.fault}. */
    String name();

    /** Found by this type's full name; never by the free-text name. */
    Class<P> configType();

    /**
     * The full name of the type it is found by. Only an extension without a message of its own, which is configured by a
     * {@code TypedStruct}, has another name than its message.
     */
    default String typeName() {
        return Internal.getDefaultInstance(configType()).getDescriptorForType().getFullName();
    }

    /** Whether it ends a chain of filters: it must be the last, and the last must be one. */
    default boolean terminal() {
        return false;
    }

    /**
     * Control path. The message has passed {@code validate.rules} and the check of supported fields.
     *
     * @return the record, or null after at least one problem was reported to the context
     */
    @Nullable
    Record validate(P config, ValidationContext context);
}
