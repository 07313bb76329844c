package dev.starling.config.proto.read;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TypeRegistry;
import com.google.re2j.Pattern;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.SourceLocation;
import dev.starling.config.proto.MessageTypes;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.source.ConfigText;
import java.util.Optional;

/** Protobuf's own formats, {@code .pb_text} and {@code .pb}, which Envoy reads too. */
public final class ProtoText {

    /** How the text format names the type of an {@code Any}. */
    private static final Pattern ANY = Pattern.compile("\\[\\s*[\\w.-]+/([\\w./-]+)\\s*\\]");

    private ProtoText() {}

    public static Message readText(ConfigText text, Message type) throws InvalidConfigException {
        String content = text.content().toStringUtf8();
        var builder = type.newBuilderForType();
        try {
            TextFormat.Parser.newBuilder()
                    .setTypeRegistry(registry(content))
                    .build()
                    .merge(content, builder);
        } catch (TextFormat.ParseException e) {
            throw malformed(
                    new SourceLocation(text.name(), e.getLine(), e.getColumn()), "not text protobuf: " + what(e));
        }
        return builder.buildPartial();
    }

    public static Message readBinary(ConfigText text, Message type) throws InvalidConfigException {
        try {
            return type.getParserForType().parsePartialFrom(text.content());
        } catch (InvalidProtocolBufferException e) {
            throw malformed(new SourceLocation(text.name(), 1, 0), "not binary protobuf: " + e.getMessage());
        }
    }

    /** Of the types the text names, as a registry of all of them would be slow to make. */
    private static TypeRegistry registry(String content) {
        var registry = TypeRegistry.newBuilder();
        var matcher = ANY.matcher(content);
        while (matcher.find()) {
            MessageTypes.find(TypedConfig.nameIn(matcher.group(1)))
                    .ifPresent(message -> registry.add(message.getDescriptorForType()));
        }
        return registry.build();
    }

    /** The library's message begins with the line and column, which the location has. */
    private static String what(TextFormat.ParseException e) {
        String message = String.valueOf(e.getMessage());
        String prefix = e.getLine() + ":" + e.getColumn() + ": ";
        return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    }

    private static InvalidConfigException malformed(SourceLocation at, String message) {
        return new InvalidConfigException(new Problem("", message, Optional.of(at)));
    }
}
