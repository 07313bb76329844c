package dev.starling.admin;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.util.FieldMaskUtil;
import dev.starling.config.proto.TypedConfig;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Field masks over dumps. As in Envoy's {@code config_dump_handler.cc}, a mask reaches through single messages, not
 * through repeated ones, and for one resource also into the only {@code Any} that it has.
 */
final class DumpMask {

    private DumpMask() {}

    /** What the mask leaves; empty if it names something that is not there. */
    static Optional<Message> trim(FieldMask mask, Message message) {
        return FieldMaskUtil.isValid(message.getDescriptorForType(), mask)
                ? Optional.of(FieldMaskUtil.trim(mask, message))
                : Optional.empty();
    }

    /** As {@link #trim}; the resource inside is trimmed by those paths that go into it. */
    static Optional<Message> trimResource(FieldMask mask, Message message) {
        FieldMask.Builder outer = FieldMask.newBuilder();
        FieldMask.Builder inner = FieldMask.newBuilder();
        FieldDescriptor anyField = null;
        for (String path : mask.getPathsList()) {
            int dot = path.indexOf('.');
            FieldDescriptor field =
                    message.getDescriptorForType().findFieldByName(dot < 0 ? path : path.substring(0, dot));
            if (isAny(field)) {
                anyField = field;
                if (dot >= 0) {
                    inner.addPaths(path.substring(dot + 1));
                    outer.addPaths(path.substring(0, dot));
                    continue;
                }
            }
            outer.addPaths(path);
        }
        if (anyField == null) {
            return trim(outer.build(), message);
        }
        Any any = (Any) message.getField(anyField);
        Optional<Message> content = inner.getPathsCount() == 0
                ? Optional.empty()
                : TypedConfig.unpackPlain(any).flatMap(whole -> trim(inner.build(), whole));
        if (content.isEmpty()) {
            return Optional.empty();
        }
        Message changed =
                message.toBuilder().setField(anyField, Any.pack(content.get())).build();
        return trim(outer.build(), changed);
    }

    private static boolean isAny(@Nullable FieldDescriptor field) {
        return field != null
                && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && !field.isRepeated()
                && field.getMessageType()
                        .getFullName()
                        .equals(Any.getDescriptor().getFullName());
    }
}
