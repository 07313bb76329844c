package dev.starling.config.proto.print;

import java.io.IOException;
import java.util.Locale;

/** Strings in JSON's spelling, which is also that of double-quoted YAML. */
final class JsonText {

    private JsonText() {}

    static void quote(String text, Appendable out) throws IOException {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (isPrintable(c)) {
                        out.append(c);
                    } else {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    }
                }
            }
        }
        out.append('"');
    }

    /** Halves of a pair are left alone: a reader joins them again. */
    private static boolean isPrintable(char c) {
        return c >= ' ' && c != 0x7F && !(c >= 0x80 && c < 0xA0) && c != '\u2028' && c != '\u2029' && c != '\uFEFF';
    }
}
