package dev.starling.config.proto.source;

import com.google.protobuf.ByteString;
import com.google.re2j.Pattern;

/** Tells the format of a text whose file name does not: an object of JSON, a line of HOCON, or else YAML. */
final class FormatSniffer {

    /** A first line as only HOCON has it: a name before an opening brace, or {@code key = value}. */
    private static final Pattern HOCON_LINE = Pattern.compile("^[A-Za-z_][\\w.-]*\\s*(\\{|\\+?=|$)");

    private FormatSniffer() {}

    static SourceFormat sniff(ByteString content) {
        String text = content.toStringUtf8();
        for (String line : (Iterable<String>) text.lines()::iterator) {
            String stripped = line.strip();
            if (stripped.isEmpty() || stripped.startsWith("#")) {
                continue;
            }
            if (stripped.startsWith("//") || stripped.startsWith("include ")) {
                return SourceFormat.HOCON;
            }
            if (stripped.startsWith("{")) {
                return SourceFormat.JSON;
            }
            return HOCON_LINE.matcher(stripped).find() ? SourceFormat.HOCON : SourceFormat.YAML;
        }
        return SourceFormat.YAML;
    }
}
