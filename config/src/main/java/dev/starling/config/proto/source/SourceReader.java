package dev.starling.config.proto.source;

import com.google.protobuf.ByteString;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.SourceLocation;
import java.util.Map;
import java.util.Optional;

/** Parses a text of any of the tree formats. */
public final class SourceReader {

    private static final ByteString BYTE_ORDER_MARK = ByteString.copyFromUtf8("\uFEFF");

    private SourceReader() {}

    /**
     * @param environment what {@code ${NAME}} stands for, in HOCON only
     * @throws InvalidConfigException if the text is not well-formed
     */
    public static SourceNode read(ConfigText text, Map<String, String> environment) throws InvalidConfigException {
        String name = text.name();
        String content = decode(text);
        return switch (text.format()) {
            case YAML -> YamlSource.parse(name, content);
            case JSON -> JsonSource.parse(name, content);
            case HOCON -> HoconSource.parse(name, content, environment);
            case TEXT_PROTO, BINARY_PROTO ->
                throw new IllegalArgumentException(text.format() + " is read without a tree");
        };
    }

    private static String decode(ConfigText text) throws InvalidConfigException {
        if (!text.content().isValidUtf8()) {
            throw malformed(new SourceLocation(text.name(), 1, 0), "is not UTF-8 text");
        }
        var content = text.content().startsWith(BYTE_ORDER_MARK)
                ? text.content().substring(BYTE_ORDER_MARK.size())
                : text.content();
        return content.toStringUtf8();
    }

    static InvalidConfigException malformed(SourceLocation location, String message) {
        return new InvalidConfigException(new Problem("", message, Optional.of(location)));
    }
}
