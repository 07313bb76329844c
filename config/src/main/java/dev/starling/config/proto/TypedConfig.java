package dev.starling.config.proto;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import java.util.Optional;

/** Opens {@code typed_config}s: the message inside an {@code Any}, also where a {@code TypedStruct} wraps it. */
public final class TypedConfig {

    private TypedConfig() {}

    /** The full name of the type meant, such as {@code envoy.extensions.filters.http.router.v3.Router}. */
    public static String typeName(Any any) {
        throw new UnsupportedOperationException();
    }

    /** Empty for a type that is not on the class path or bytes that are not of it; a checked message has no such. */
    public static Optional<Message> unpack(Any any) {
        throw new UnsupportedOperationException();
    }
}
