package dev.starling.config.proto.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.starling.config.SourceLocation;
import dev.starling.config.proto.FieldPath;
import dev.starling.config.proto.Problems;
import dev.starling.config.proto.Suggestion;
import dev.starling.config.proto.UnknownFieldPolicy;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceNode.Kind;
import dev.starling.config.proto.source.SourceNode.Null;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Scalars of proto JSON. Messages never repeat what a string field was given: it may be a secret. */
final class ScalarReader {

    /** What Envoy's parser takes for a boolean in a string, ignoring case. */
    private static final Set<String> TRUES = Set.of("true", "t", "yes", "y", "1");

    private static final Set<String> FALSES = Set.of("false", "f", "no", "n", "0");

    /** Of a key, which no message looks at. */
    private static final SourceLocation NOWHERE = new SourceLocation("", 1, 0);

    private final UnknownFieldPolicy unknownFields;
    private final Problems problems;

    ScalarReader(UnknownFieldPolicy unknownFields) {
        this.unknownFields = unknownFields;
        this.problems = unknownFields.problems();
    }

    /** Null after a problem. */
    @Nullable
    Object read(FieldDescriptor field, SourceNode node, FieldPath path) {
        if (node instanceof Null && field.getJavaType() == FieldDescriptor.JavaType.ENUM) {
            return field.getEnumType().findValueByNumber(0);
        }
        if (!(node instanceof Scalar scalar)) {
            return expected(nameOf(field), node, path);
        }
        return switch (field.getType()) {
            case STRING -> string(scalar, path);
            case BOOL -> bool(scalar, path);
            case BYTES -> bytes(scalar, path);
            case ENUM -> enumValue(field, scalar, path);
            case DOUBLE, FLOAT, INT32, SINT32, SFIXED32, UINT32, FIXED32, INT64, SINT64, SFIXED64, UINT64, FIXED64 ->
                number(field, scalar, path);
            case GROUP, MESSAGE -> throw new IllegalArgumentException(field.getFullName() + " is not a scalar");
        };
    }

    /** A key of a map, which is always text in the source. */
    @Nullable
    Object key(FieldDescriptor keyField, String key, FieldPath path) {
        return read(keyField, new Scalar(Kind.STRING, key, NOWHERE), path);
    }

    static Object zero(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> 0;
            case LONG -> 0L;
            case FLOAT -> 0f;
            case DOUBLE -> 0d;
            case BOOLEAN -> false;
            case STRING -> "";
            case BYTE_STRING -> ByteString.EMPTY;
            case ENUM -> field.getEnumType().getValues().getFirst();
            case MESSAGE -> throw new IllegalArgumentException(field.getFullName() + " is not a scalar");
        };
    }

    private @Nullable Object string(Scalar scalar, FieldPath path) {
        if (scalar.kind() != Kind.STRING) {
            problems.error(path, "expected a string but found " + scalar.kindName() + ": put it in quotes");
            return null;
        }
        return scalar.text();
    }

    private @Nullable Object bool(Scalar scalar, FieldPath path) {
        String word = scalar.text().toLowerCase(Locale.ROOT);
        if (scalar.kind() != Kind.NUMBER && TRUES.contains(word)) {
            return true;
        }
        if (scalar.kind() != Kind.NUMBER && FALSES.contains(word)) {
            return false;
        }
        return expected("true or false", scalar, path);
    }

    private @Nullable Object bytes(Scalar scalar, FieldPath path) {
        if (scalar.kind() != Kind.STRING) {
            return expected("base64 text", scalar, path);
        }
        String text = scalar.text().replace('-', '+').replace('_', '/').replace("=", "");
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            problems.error(path, "is not base64");
            return null;
        }
    }

    private @Nullable Object enumValue(FieldDescriptor field, Scalar scalar, FieldPath path) {
        var type = field.getEnumType();
        if (scalar.kind() == Kind.BOOLEAN) {
            return expected("the name of an enum value", scalar, path);
        }
        var number = NumberReader.exactInt(scalar.text());
        if (number.isPresent()) {
            // A number without a name is kept, so that the rule `defined_only` decides.
            return type.findValueByNumberCreatingIfUnknown(number.getAsInt());
        }
        var named = byName(type, scalar.text());
        if (named == null) {
            var names =
                    type.getValues().stream().map(EnumValueDescriptor::getName).toList();
            unknownFields.apply(
                    field.getContainingType(),
                    path,
                    "unknown value `" + NumberReader.shown(scalar.text()) + "` of enum " + type.getFullName()
                            + Suggestion.of(scalar.text(), names));
        }
        return named;
    }

    private static @Nullable EnumValueDescriptor byName(EnumDescriptor type, String name) {
        var exact = type.findValueByName(name);
        return exact != null ? exact : type.findValueByName(name.toUpperCase(Locale.ROOT));
    }

    private @Nullable Object number(FieldDescriptor field, Scalar scalar, FieldPath path) {
        if (scalar.kind() == Kind.BOOLEAN) {
            return expected(nameOf(field), scalar, path);
        }
        return switch (NumberReader.read(field.getType(), scalar.text())) {
            case NumberReader.Value(var value) -> value;
            case NumberReader.Refusal(var why) -> {
                problems.error(path, why);
                yield null;
            }
        };
    }

    private @Nullable Object expected(String what, SourceNode node, FieldPath path) {
        problems.error(path, "expected " + what + " but found " + node.kindName());
        return null;
    }

    private static String nameOf(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT, LONG -> "an integer";
            case FLOAT, DOUBLE -> "a number";
            case BOOLEAN -> "true or false";
            case STRING -> "a string";
            case BYTE_STRING -> "base64 text";
            case ENUM -> "the name of an enum value";
            case MESSAGE -> "an object";
        };
    }
}
