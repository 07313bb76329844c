package dev.starling.config.proto.support;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import dev.starling.config.proto.MessageTypes;
import dev.starling.config.proto.support.FieldStatus.Accepted;
import dev.starling.config.proto.support.FieldStatus.Honoured;
import dev.starling.config.proto.support.FieldStatus.Unsupported;
import java.util.Map;
import java.util.TreeSet;

/** The list of supported fields as a page for people: every field of every message that is named in it. */
final class SupportedFieldsPage {

    private SupportedFieldsPage() {}

    static String of(FieldSupport support) {
        var page = new StringBuilder(introduction());
        support.messages().forEach((name, fields) -> {
            var type = MessageTypes.find(name)
                    .map(Message::getDescriptorForType)
                    .orElseThrow(() -> new IllegalStateException("no message " + name));
            section(type, fields, support.isProtective(type), page);
        });
        return page.toString();
    }

    private static String introduction() {
        return """
            # Supported fields

            Generated from `supported-fields.txt`; `SupportedFieldsPageTest` keeps the two equal. The messages are those of
            Envoy's API %s; a field that came later is an unknown field to this build.

            Every field is **honoured**, or **accepted** without effect, or **refused**. A field that is refused is an error in
            static configuration, unless `--allow-unknown-static-fields` turns it into a warning; in dynamic configuration it
            is skipped with a warning and counted in `server.dynamic_unknown_fields`, unless
            `--reject-unknown-dynamic-fields` makes it an error or `--ignore-unknown-dynamic-fields` keeps silent. What is
            **always refused** guards something, or would change what the rest means, and is an error in every mode. So is a
            message that is not on this page where an extension is looked up by its type, and an enum value that is not named
            here where values are.
            """.formatted(FieldSupport.API_VERSION);
    }

    private static void section(
            Descriptor type, Map<String, FieldStatus> fields, boolean isProtective, StringBuilder page) {
        page.append("\n## ").append(type.getFullName()).append("\n\nAPI ").append(FieldSupport.API_VERSION);
        if (type.getFields().isEmpty()) {
            page.append(". It has no fields.\n");
            return;
        }
        page.append("\n\n| Field | | |\n|---|---|---|\n");
        for (var field : type.getFields()) {
            var status = fields.getOrDefault(field.getName(), new Unsupported(isProtective));
            page.append("| `").append(field.getName()).append('`');
            if (field.getOptions().getDeprecated()) {
                page.append(" (deprecated)");
            }
            page.append(" | ")
                    .append(word(status))
                    .append(" | ")
                    .append(remark(status))
                    .append(" |\n");
        }
    }

    private static String word(FieldStatus status) {
        return switch (status) {
            case Honoured ignored -> "honoured";
            case Accepted ignored -> "accepted";
            case Unsupported(var isProtective) -> isProtective ? "always refused" : "refused";
        };
    }

    private static String remark(FieldStatus status) {
        return switch (status) {
            case Honoured(var values) -> values.isEmpty() ? "" : String.join(", ", new TreeSet<>(values));
            case Accepted(var reason) -> reason;
            case Unsupported ignored -> "";
        };
    }
}
