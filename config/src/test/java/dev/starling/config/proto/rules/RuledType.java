package dev.starling.config.proto.rules;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.DurationProto;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.WrappersProto;
import dev.starling.config.Problem;
import dev.starling.config.proto.FieldPath;
import dev.starling.config.proto.MessageTypes;
import dev.starling.config.proto.Problems;
import dev.starling.config.proto.source.SourceMap;
import io.envoyproxy.pgv.validate.Validate;
import io.envoyproxy.pgv.validate.Validate.FieldRules;
import java.util.List;
import java.util.Locale;

/**
 * A message type made for a test, with rules that Envoy's own messages happen not to use: {@code type of field} and the
 * rules in text format. The field is {@code f}; a message type {@code T.Inner} with a non-empty string {@code s} is there
 * to nest.
 */
final class RuledType {

    private static final TextFormat.Parser PARSER = TextFormat.Parser.newBuilder()
            .setTypeRegistry(
                    TypeRegistry.newBuilder().add(Duration.getDescriptor()).build())
            .build();

    private final DescriptorProto.Builder type = DescriptorProto.newBuilder().setName("T");

    RuledType() {
        type.addNestedType(
                DescriptorProto.newBuilder().setName("Inner").addField(field("s", "string", "string { min_len: 1 }")));
        type.addEnumType(EnumDescriptorProto.newBuilder()
                .setName("E")
                .addValue(EnumValueDescriptorProto.newBuilder().setName("ZERO").setNumber(0))
                .addValue(EnumValueDescriptorProto.newBuilder().setName("TWO").setNumber(2)));
    }

    static RuledType field(String fieldType, String rules) {
        var ruled = new RuledType();
        ruled.type.addField(field("f", fieldType, rules));
        return ruled;
    }

    static RuledType repeated(String fieldType, String rules) {
        var ruled = new RuledType();
        ruled.type.addField(field("f", fieldType, rules).setLabel(FieldDescriptorProto.Label.LABEL_REPEATED));
        return ruled;
    }

    static RuledType map(String valueType, String rules) {
        var ruled = new RuledType();
        ruled.type.addNestedType(DescriptorProto.newBuilder()
                .setName("FEntry")
                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                .addField(field("key", "string", ""))
                .addField(field("value", valueType, "").setNumber(2)));
        ruled.type.addField(field("f", ".T.FEntry", rules).setLabel(FieldDescriptorProto.Label.LABEL_REPEATED));
        return ruled;
    }

    RuledType inRequiredOneof() {
        type.addOneofDecl(OneofDescriptorProto.newBuilder()
                .setName("choice")
                .setOptions(OneofOptions.newBuilder().setExtension(Validate.required, true)));
        type.getFieldBuilder(0).setOneofIndex(0);
        return this;
    }

    RuledType disabled() {
        type.setOptions(MessageOptions.newBuilder().setExtension(Validate.disabled, true));
        return this;
    }

    RuledType ignored() {
        type.setOptions(MessageOptions.newBuilder().setExtension(Validate.ignored, true));
        return this;
    }

    /** What the rules say of a message in text format. */
    List<String> violations(String message) {
        try {
            var builder = DynamicMessage.newBuilder(descriptor());
            PARSER.merge(message, builder);
            builder.getAllFields().forEach((field, value) -> builder.setField(field, generated(value)));
            var problems = new Problems(SourceMap.NONE);
            new RulesValidator().validate(builder.build(), FieldPath.ROOT, problems);
            return problems.errors().stream().map(Problem::toString).toList();
        } catch (TextFormat.ParseException e) {
            throw new AssertionError("the test's message is wrong: " + message, e);
        }
    }

    /** Google's types as their own classes, as they are in every message that is not dynamic. */
    private static Object generated(Object value) {
        if (!(value instanceof DynamicMessage dynamic)) {
            return value;
        }
        return MessageTypes.find(dynamic.getDescriptorForType().getFullName())
                .<Object>map(type -> {
                    try {
                        return type.getParserForType().parseFrom(dynamic.toByteString());
                    } catch (InvalidProtocolBufferException e) {
                        throw new AssertionError(e);
                    }
                })
                .orElse(value);
    }

    private Descriptor descriptor() {
        var file = FileDescriptorProto.newBuilder()
                .setName("t.proto")
                .setSyntax("proto3")
                .addDependency("google/protobuf/wrappers.proto")
                .addDependency("google/protobuf/duration.proto")
                .addDependency("google/protobuf/timestamp.proto")
                .addDependency("google/protobuf/any.proto")
                .addMessageType(type)
                .build();
        try {
            return FileDescriptor.buildFrom(file, new FileDescriptor[] {
                        WrappersProto.getDescriptor(),
                        DurationProto.getDescriptor(),
                        TimestampProto.getDescriptor(),
                        AnyProto.getDescriptor()
                    })
                    .findMessageTypeByName("T");
        } catch (DescriptorValidationException e) {
            throw new AssertionError("the test's type is wrong", e);
        }
    }

    private static FieldDescriptorProto.Builder field(String name, String fieldType, String rules) {
        var field = FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(1)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
        if (fieldType.startsWith(".")) {
            field.setTypeName(fieldType);
        } else {
            field.setType(FieldDescriptorProto.Type.valueOf("TYPE_" + fieldType.toUpperCase(Locale.ROOT)));
        }
        if (!rules.isEmpty()) {
            field.setOptions(FieldOptions.newBuilder().setExtension(Validate.rules, parse(rules)));
        }
        return field;
    }

    private static FieldRules parse(String rules) {
        try {
            return TextFormat.parse(rules, FieldRules.class);
        } catch (TextFormat.ParseException e) {
            throw new AssertionError("the test's rules are wrong: " + rules, e);
        }
    }
}
