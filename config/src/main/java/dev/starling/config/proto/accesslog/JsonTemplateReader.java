package dev.starling.config.proto.accesslog;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.accesslog.JsonTemplate;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.FormatReader;
import java.util.TreeMap;

/** Reads the {@code Struct} of a {@code json_format}, in which strings are format strings. */
final class JsonTemplateReader {

    private JsonTemplateReader() {}

    static JsonTemplate.Fields read(Struct message, ValidationContext context) {
        var fields = new TreeMap<String, JsonTemplate>();
        message.getFieldsMap().forEach((name, value) -> fields.put(name, value(value, context.entry("", name))));
        return new JsonTemplate.Fields(fields);
    }

    private static JsonTemplate value(Value message, ValidationContext context) {
        return switch (message.getKindCase()) {
            case STRING_VALUE -> {
                var format = FormatReader.read(message.getStringValue(), context);
                yield new JsonTemplate.Value(format == null ? FormatString.literal("") : format);
            }
            case NUMBER_VALUE -> new JsonTemplate.Numeral(message.getNumberValue());
            case BOOL_VALUE -> new JsonTemplate.Bool(message.getBoolValue());
            case NULL_VALUE, KIND_NOT_SET -> JsonTemplate.Null.NULL;
            case STRUCT_VALUE -> read(message.getStructValue(), context);
            case LIST_VALUE ->
                new JsonTemplate.Elements(
                        Elements.read(message.getListValue().getValuesList(), context, "", JsonTemplateReader::value));
        };
    }
}
