package dev.starling.config.proto;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import dev.starling.config.proto.read.ProtoReader;
import dev.starling.config.proto.read.StructSource;
import dev.starling.config.proto.source.SourceMap;
import java.util.Optional;

/** Opens {@code typed_config}s: the message inside an {@code Any}, also where a {@code TypedStruct} wraps it. */
public final class TypedConfig {

    private static final String XDS_TYPED_STRUCT = "xds.type.v3.TypedStruct";
    private static final String UDPA_TYPED_STRUCT = "udpa.type.v1.TypedStruct";

    private TypedConfig() {}

    /** The full name of the type meant, such as {@code envoy.extensions.filters.http.router.v3.Router}. */
    public static String typeName(Any any) {
        String name = nameIn(any.getTypeUrl());
        return isTypedStruct(name) ? typedStruct(any).map(Wrapped::typeName).orElse(name) : name;
    }

    /** Empty for a type that is not on the class path or bytes that are not of it; a checked message has no such. */
    public static Optional<Message> unpack(Any any) {
        var unheard = new UnknownFieldPolicy(UnknownFields.IGNORE, message -> false, new Problems(SourceMap.NONE));
        return unpack(any, unheard, FieldPath.ROOT);
    }

    /** Tells what cannot be read inside a {@code TypedStruct}. */
    public static Optional<Message> unpack(Any any, UnknownFieldPolicy unknownFields, FieldPath at) {
        String name = nameIn(any.getTypeUrl());
        if (isTypedStruct(name)) {
            var wrapped = typedStruct(any);
            var meant = wrapped.flatMap(inner -> MessageTypes.find(inner.typeName()));
            if (meant.isPresent()) {
                var builder = meant.get().newBuilderForType();
                new ProtoReader(unknownFields)
                        .read(StructSource.of(wrapped.get().content()), builder, at);
                return Optional.of(builder.buildPartial());
            }
        }
        return unpackAs(name, any);
    }

    /** As {@link #unpack(Any)}, but a {@code TypedStruct} stays what it is. */
    public static Optional<Message> unpackPlain(Any any) {
        return unpackAs(nameIn(any.getTypeUrl()), any);
    }

    /** The full name at the end of a type URL. */
    public static String nameIn(String typeUrl) {
        return typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
    }

    public static boolean isTypedStruct(String typeName) {
        return typeName.equals(XDS_TYPED_STRUCT) || typeName.equals(UDPA_TYPED_STRUCT);
    }

    private static Optional<Message> unpackAs(String name, Any any) {
        return MessageTypes.find(name).flatMap(type -> {
            try {
                return Optional.of(type.getParserForType().parseFrom(any.getValue()));
            } catch (InvalidProtocolBufferException e) {
                return Optional.empty();
            }
        });
    }

    /** The two TypedStructs are the same on the wire. */
    private static Optional<Wrapped> typedStruct(Any any) {
        try {
            var struct = TypedStruct.parseFrom(any.getValue());
            return Optional.of(new Wrapped(nameIn(struct.getTypeUrl()), struct.getValue()));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    private record Wrapped(String typeName, Struct content) {}
}
