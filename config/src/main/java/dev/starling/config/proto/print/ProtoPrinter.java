package dev.starling.config.proto.print;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.starling.config.proto.TypedConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import udpa.annotations.Sensitive;

/**
 * Writes messages as proto JSON with Envoy's options: field names as in the proto files, defaults left out. The order is
 * that of field numbers, and of keys in maps, so that equal messages print alike.
 */
public final class ProtoPrinter {

    private static final String REDACTED = "[redacted]";
    private static final String REDACTED_BYTES = base64(ByteString.copyFromUtf8(REDACTED));

    private final TreeWriter out;
    private final Redaction redaction;
    private final WellKnownPrinter wellKnown;

    private ProtoPrinter(TreeWriter out, Redaction redaction) {
        this.out = out;
        this.redaction = redaction;
        this.wellKnown = new WellKnownPrinter(out);
    }

    public static String yaml(Message message, Redaction redaction) {
        var text = new StringBuilder();
        return print(message, redaction, new YamlWriter(text), text);
    }

    public static String json(Message message, Redaction redaction) {
        var text = new StringBuilder();
        return print(message, redaction, new JsonWriter(text), text);
    }

    /** As the next value of whatever the writer is in the middle of. */
    public static void write(Message message, Redaction redaction, TreeWriter out) throws IOException {
        new ProtoPrinter(out, redaction).message(message, false);
    }

    private static String print(Message message, Redaction redaction, TreeWriter writer, StringBuilder text) {
        try {
            write(message, redaction, writer);
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to a string", e);
        }
    }

    /** @param isSecret whether it is inside a sensitive field, which makes all of it sensitive */
    private void message(Message message, boolean isSecret) throws IOException {
        if (message instanceof Any any) {
            any(any, isSecret);
        } else if (WellKnownPrinter.hasOwnSpelling(message)) {
            wellKnown(message, isSecret);
        } else if (WellKnownPrinter.isWrapper(message)) {
            var field = message.getDescriptorForType().findFieldByName("value");
            value(field, message.getField(field), isSecret);
        } else {
            out.beginObject();
            fields(message, isSecret);
            out.endObject();
        }
    }

    private void wellKnown(Message message, boolean isSecret) throws IOException {
        if (isSecret) {
            out.string(REDACTED);
        } else {
            wellKnown.write(message);
        }
    }

    private void any(Any any, boolean isSecret) throws IOException {
        out.beginObject();
        if (!any.getTypeUrl().isEmpty()) {
            out.name("@type");
            out.string(any.getTypeUrl());
            var content = TypedConfig.unpackPlain(any);
            if (content.isEmpty()) {
                out.name("value");
                out.string(isSecret ? REDACTED_BYTES : base64(any.getValue()));
            } else if (isUnderValue(content.get())) {
                out.name("value");
                message(content.get(), isSecret);
            } else {
                fields(content.get(), isSecret);
            }
        }
        out.endObject();
    }

    private static boolean isUnderValue(Message content) {
        return content instanceof Any
                || WellKnownPrinter.hasOwnSpelling(content)
                || WellKnownPrinter.isWrapper(content);
    }

    private void fields(Message message, boolean isSecret) throws IOException {
        for (var entry : message.getAllFields().entrySet()) {
            var field = entry.getKey();
            boolean hides = isSecret
                    || (redaction == Redaction.SECRETS && field.getOptions().getExtension(Sensitive.sensitive));
            if (!hides || canHide(field)) {
                out.name(field.getName());
                field(field, entry.getValue(), hides);
            }
        }
    }

    /** Numbers and the like have no spelling for a secret, so they are left out. */
    private static boolean canHide(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case STRING, BYTE_STRING, MESSAGE -> true;
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, ENUM -> false;
        };
    }

    private void field(FieldDescriptor field, Object value, boolean hides) throws IOException {
        if (field.isMapField()) {
            map(field, (List<?>) value, hides);
        } else if (field.isRepeated()) {
            out.beginList();
            for (var element : (List<?>) value) {
                value(field, element, hides);
            }
            out.endList();
        } else {
            value(field, value, hides);
        }
    }

    private void map(FieldDescriptor field, List<?> entries, boolean hides) throws IOException {
        var keyField = field.getMessageType().findFieldByNumber(1);
        var valueField = field.getMessageType().findFieldByNumber(2);
        var sorted = entries.stream()
                .map(Message.class::cast)
                .sorted(Comparator.comparing(entry -> String.valueOf(entry.getField(keyField))))
                .toList();
        out.beginObject();
        for (var entry : sorted) {
            if (!hides || canHide(valueField)) {
                out.name(String.valueOf(entry.getField(keyField)));
                value(valueField, entry.getField(valueField), hides);
            }
        }
        out.endObject();
    }

    private void value(FieldDescriptor field, Object value, boolean hides) throws IOException {
        switch (field.getType()) {
            case MESSAGE, GROUP -> message((Message) value, hides);
            case STRING -> out.string(hides ? REDACTED : (String) value);
            case BYTES -> out.string(hides ? REDACTED_BYTES : base64((ByteString) value));
            case ENUM -> enumValue((EnumValueDescriptor) value);
            case BOOL, INT32, SINT32, SFIXED32 -> out.literal(String.valueOf(value));
            case UINT32, FIXED32 -> out.literal(Integer.toUnsignedString((Integer) value));
            case INT64, SINT64, SFIXED64 -> out.string(String.valueOf(value));
            case UINT64, FIXED64 -> out.string(Long.toUnsignedString((Long) value));
            case FLOAT, DOUBLE -> NumberText.write(((Number) value).doubleValue(), String.valueOf(value), out);
        }
    }

    private void enumValue(EnumValueDescriptor value) throws IOException {
        if (value.getIndex() < 0) {
            out.literal(String.valueOf(value.getNumber()));
        } else {
            out.string(value.getName());
        }
    }

    private static String base64(ByteString bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
