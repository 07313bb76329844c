package dev.starling.config.proto.read;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.re2j.Pattern;
import dev.starling.config.proto.FieldPath;
import dev.starling.config.proto.MessageTypes;
import dev.starling.config.proto.Problems;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceNode.Entry;
import dev.starling.config.proto.source.SourceNode.Kind;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a {@code typed_config}: the message its {@code @type} names, also through a {@code TypedStruct}. */
final class AnyReader {

    private static final String TYPE = "@type";
    private static final Pattern RETIRED_VERSION = Pattern.compile("\\.v2(alpha\\d*)?\\.[A-Z]");

    private final ProtoReader reader;
    private final Problems problems;

    AnyReader(ProtoReader reader, Problems problems) {
        this.reader = reader;
        this.problems = problems;
    }

    @Nullable
    Message read(SourceNode node, FieldPath path) {
        if (!(node instanceof ObjectNode object)) {
            problems.error(path, "expected an object with `@type` but found " + node.kindName());
            return null;
        }
        var type = object.entries().get(TYPE);
        if (type == null) {
            return object.entries().isEmpty() ? Any.getDefaultInstance() : missingType(path);
        }
        if (!(type.value() instanceof Scalar(var kind, var typeUrl, var at)) || kind != Kind.STRING) {
            problems.error(
                    path.field(TYPE),
                    "expected a string but found " + type.value().kindName());
            return null;
        }
        if (typeUrl.indexOf('/') < 1) {
            problems.error(path.field(TYPE), "must be a type URL such as `type.googleapis.com/" + typeUrl + "`");
            return null;
        }
        String name = TypedConfig.nameIn(typeUrl);
        return TypedConfig.isTypedStruct(name)
                ? typedStruct(object, name, path)
                : instance(name, path.field(TYPE))
                        .map(instance -> pack(instance, content(instance, object), path))
                        .orElse(null);
    }

    private @Nullable Any missingType(FieldPath path) {
        problems.error(path, "`@type` is missing");
        return null;
    }

    private Optional<Message> instance(String name, FieldPath path) {
        if (RETIRED_VERSION.matcher(name).find()) {
            problems.error(path, "type `" + name + "` is of the retired v2 API");
            return Optional.empty();
        }
        var found = MessageTypes.find(name);
        if (found.isEmpty()) {
            problems.error(path, "unknown type `" + NumberReader.shown(name) + "`");
        }
        return found;
    }

    private @Nullable Any pack(Message instance, SourceNode content, FieldPath path) {
        var message = reader.message(instance.newBuilderForType(), content, path);
        return message == null ? null : Any.pack(message);
    }

    private static SourceNode content(Message instance, ObjectNode object) {
        var entries = new LinkedHashMap<>(object.entries());
        entries.remove(TYPE);
        var value = entries.get("value");
        boolean isUnderValue =
                WellKnownReader.isUnderValue(instance.getDescriptorForType().getFullName());
        return isUnderValue && value != null && entries.size() == 1
                ? value.value()
                : new ObjectNode(entries, object.location());
    }

    /**
     * What is wrapped is read as the type it stands for, so that the rest of the code never meets a TypedStruct of a type
     * it knows. A foreign one, such as the configuration of a plug-in, stays what it is.
     */
    private @Nullable Message typedStruct(ObjectNode object, String name, FieldPath path) {
        var entries = new LinkedHashMap<>(object.entries());
        entries.remove(TYPE);
        var typeUrl = entries.containsKey("type_url") ? entries.get("type_url") : entries.get("typeUrl");
        if (typeUrl == null || !(typeUrl.value() instanceof Scalar(var kind, var url, var at)) || kind != Kind.STRING) {
            problems.error(path, "a TypedStruct needs a `type_url`");
            return null;
        }
        var instance = MessageTypes.find(TypedConfig.nameIn(url));
        if (instance.isEmpty()) {
            var struct = MessageTypes.find(name).orElse(TypedStruct.getDefaultInstance());
            return pack(struct, new ObjectNode(entries, object.location()), path);
        }
        var value = entries.getOrDefault("value", emptyObject(object));
        return pack(instance.get(), value.value(), path);
    }

    private static Entry emptyObject(ObjectNode around) {
        return new Entry(new ObjectNode(new LinkedHashMap<>(), around.location()), around.location());
    }
}
