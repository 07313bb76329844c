package dev.starling.runtime.accesslog;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Fields from the request's path. */
final class RequestTarget {

    private static final String PATH = ":path";
    private static final String ORIGINAL_PATH = "x-envoy-original-path";

    private RequestTarget() {}

    /** @param argument {@code WQ} or {@code NQ}, then perhaps {@code :ORIG}, {@code :PATH} or {@code :ORIG_OR_PATH} */
    static Field path(String argument) {
        boolean withQuery = !argument.startsWith("NQ");
        int colon = argument.indexOf(':');
        String source = colon < 0 ? "" : argument.substring(colon + 1);
        return (info, request, response, out) -> {
            String path = source.equals("PATH") ? null : request.get(ORIGINAL_PATH);
            if (path == null && !source.equals("ORIG")) {
                path = request.get(PATH);
            }
            if (path == null) {
                return false;
            }
            int query = withQuery ? -1 : path.indexOf('?');
            out.append(path, 0, query < 0 ? path.length() : query);
            return true;
        };
    }

    /** The first value of a parameter of the query, decoded. */
    static Field queryParameter(String name) {
        return (info, request, response, out) -> {
            String path = request.get(PATH);
            String value = path == null ? null : queryParameter(path, Utf8Chars.of(name));
            if (value == null) {
                return false;
            }
            out.append(value);
            return true;
        };
    }

    private static @Nullable String queryParameter(String path, String name) {
        int at = path.indexOf('?') + 1;
        while (at > 0 && at < path.length()) {
            int end = path.indexOf('&', at);
            int stop = end < 0 ? path.length() : end;
            int equals = path.indexOf('=', at);
            boolean valued = equals >= 0 && equals < stop;
            if (decoded(path.substring(at, valued ? equals : stop)).equals(name)) {
                return valued ? decoded(path.substring(equals + 1, stop)) : "";
            }
            at = stop + 1;
        }
        return null;
    }

    /** A percent sign that no two hexadecimal digits follow stays what it is. */
    private static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && i + 2 < text.length() && isHex(text, i + 1) && isHex(text, i + 2)) {
                c = (char) Integer.parseInt(text, i + 1, i + 3, 16);
                i += 2;
            }
            bytes[length++] = (byte) c;
        }
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static boolean isHex(String text, int at) {
        return Character.digit(text.charAt(at), 16) >= 0;
    }
}
