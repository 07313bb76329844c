package dev.starling.config.proto.rules;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import dev.starling.config.proto.FieldPath;
import dev.starling.config.proto.Problems;
import io.envoyproxy.pgv.validate.Validate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is to be checked about the messages of one type. */
public record MessagePlan(List<OneofDescriptor> requiredOneofs, List<FieldPlan> fields) {

    private static final MessagePlan NOTHING = new MessagePlan(List.of(), List.of());

    static MessagePlan of(Descriptor type) {
        var options = type.getOptions();
        if (options.getExtension(Validate.disabled) || options.getExtension(Validate.ignored)) {
            return NOTHING;
        }
        return new MessagePlan(
                type.getOneofs().stream()
                        .filter(oneof -> oneof.getOptions().getExtension(Validate.required))
                        .toList(),
                type.getFields().stream()
                        .map(FieldPlan::of)
                        .flatMap(Optional::stream)
                        .toList());
    }

    void checkOneofs(Message message, FieldPath path, Problems problems) {
        for (var oneof : requiredOneofs) {
            if (!message.hasOneof(oneof)) {
                var names = oneof.getFields().stream()
                        .map(FieldDescriptor::getName)
                        .map(name -> "`" + name + "`")
                        .collect(Collectors.joining(", "));
                problems.errorUnlessExplained(
                        path, oneof.getFieldCount() == 1 ? names + " is required" : "one of " + names + " is required");
            }
        }
    }
}
