package dev.starling.runtime.text;

/** Strings as JSON writes them. */
public final class JsonText {

    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /** Appends the text in quotes. Characters beyond ASCII are left as they are. */
    public static void appendQuoted(StringBuilder out, CharSequence text) {
        out.append('"');
        append(out, text, false);
        out.append('"');
    }

    /** Whether the character must be escaped. */
    public static boolean isSpecial(char c) {
        return c < ' ' || c == '"' || c == '\\';
    }

    /**
     * Appends the text without quotes. What needs no escape is copied in runs.
     *
     * @param asciiOnly also escapes what is beyond ASCII, which is then at most U+00FF
     */
    public static void append(StringBuilder out, CharSequence text, boolean asciiOnly) {
        int copied = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isSpecial(c) || (asciiOnly && c >= 0x80)) {
                out.append(text, copied, i);
                copied = i + 1;
                escape(out, c);
            }
        }
        out.append(text, copied, text.length());
    }

    private static void escape(StringBuilder out, char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
        }
    }
}
