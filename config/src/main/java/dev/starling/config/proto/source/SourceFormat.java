package dev.starling.config.proto.source;

import java.util.Locale;
import java.util.Optional;

/** The syntaxes a configuration may be written in. */
public enum SourceFormat {
    YAML,
    JSON,
    HOCON,
    /** Protobuf's text format. */
    TEXT_PROTO,
    /** Protobuf's wire format. */
    BINARY_PROTO;

    /** Empty where the extension tells nothing. */
    public static Optional<SourceFormat> ofFileName(String name) {
        int dot = name.lastIndexOf('.');
        return switch (name.substring(dot + 1).toLowerCase(Locale.ROOT)) {
            case "yaml", "yml" -> Optional.of(YAML);
            case "json" -> Optional.of(JSON);
            case "conf", "hocon" -> Optional.of(HOCON);
            case "pb_text", "textproto", "pbtxt" -> Optional.of(TEXT_PROTO);
            case "pb" -> Optional.of(BINARY_PROTO);
            default -> Optional.empty();
        };
    }
}
