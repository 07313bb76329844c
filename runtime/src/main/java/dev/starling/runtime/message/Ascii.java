package dev.starling.runtime.message;

/** Numbers and text as ASCII bytes, without strings in between. */
public final class Ascii {

    private Ascii() {}

    /** Appends a decimal number, not negative, and returns the position after it. */
    public static int appendDecimal(byte[] target, int position, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("negative: " + value);
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        int end = position + digits;
        long rest = value;
        for (int at = end - 1; at >= position; at--) {
            target[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }

    /** Appends text known to be ASCII. */
    @SuppressWarnings("deprecation") // the one copy that narrows in place
    public static int append(byte[] target, int position, String ascii) {
        ascii.getBytes(0, ascii.length(), target, position);
        return position + ascii.length();
    }

    /** Whether the lower-case comma-separated token stands in the list, ignoring case and blanks. */
    public static boolean listContains(String list, String lowerCaseToken) {
        int start = 0;
        while (start <= list.length()) {
            int comma = list.indexOf(',', start);
            int end = comma < 0 ? list.length() : comma;
            int from = start;
            int to = end;
            while (from < to && isBlank(list.charAt(from))) {
                from++;
            }
            while (to > from && isBlank(list.charAt(to - 1))) {
                to--;
            }
            if (to - from == lowerCaseToken.length()
                    && list.regionMatches(true, from, lowerCaseToken, 0, lowerCaseToken.length())) {
                return true;
            }
            if (comma < 0) {
                return false;
            }
            start = comma + 1;
        }
        return false;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
