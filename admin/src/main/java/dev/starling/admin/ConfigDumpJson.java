package dev.starling.admin;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.starling.config.proto.print.JsonWriter;
import dev.starling.config.proto.print.ProtoPrinter;
import dev.starling.config.proto.print.Redaction;
import dev.starling.config.proto.print.TreeWriter;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** {@code envoy.admin.v3.ConfigDump} in JSON, a resource at a time. */
final class ConfigDumpJson {

    private static final String TYPE_PREFIX = "type.googleapis.com/";

    private final StringBuilder page = new StringBuilder();
    private final TreeWriter out = new JsonWriter(page);

    Iterator<String> pieces(Iterator<Message> configs) {
        if (!configs.hasNext()) {
            return Chain.one("{}\n");
        }
        return new PieceWriter(
                page,
                Chain.of(
                        Chain.<PieceWriter.Step>one(this::begin),
                        Chain.flat(configs, this::config),
                        Chain.<PieceWriter.Step>one(this::end)));
    }

    private void begin() throws IOException {
        out.beginObject();
        out.name("configs");
        out.beginList();
    }

    private void end() throws IOException {
        out.endList();
        out.endObject();
        page.append('\n');
    }

    private Iterator<PieceWriter.Step> config(Message config) {
        return Chain.of(
                Chain.<PieceWriter.Step>one(() -> {
                    out.beginObject();
                    out.name("@type");
                    out.string(TYPE_PREFIX + config.getDescriptorForType().getFullName());
                }),
                Chain.flat(config.getAllFields().entrySet().iterator(), this::field),
                Chain.<PieceWriter.Step>one(out::endObject));
    }

    /** The fields of dumps are messages and, of single resources, texts such as their version. */
    private Iterator<PieceWriter.Step> field(Map.Entry<FieldDescriptor, Object> field) {
        String name = field.getKey().getName();
        return switch (field.getValue()) {
            case List<?> elements ->
                Chain.of(
                        Chain.<PieceWriter.Step>one(() -> {
                            out.name(name);
                            out.beginList();
                        }),
                        Chain.map(elements.iterator(), element -> () -> print((Message) element)),
                        Chain.<PieceWriter.Step>one(out::endList));
            case Message message ->
                Chain.one(() -> {
                    out.name(name);
                    print(message);
                });
            case Object value ->
                Chain.one(() -> {
                    out.name(name);
                    out.string(value.toString());
                });
        };
    }

    private void print(Message message) throws IOException {
        ProtoPrinter.write(message, Redaction.SECRETS, out);
    }
}
