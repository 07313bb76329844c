package dev.starling.runtime.grpc;

import java.nio.charset.StandardCharsets;

/** The {@code grpc-message} field: what is not printable ASCII is percent-encoded (gRPC over HTTP/2, Responses). */
public final class GrpcMessage {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private GrpcMessage() {}

    /** Also encodes the tilde, as Envoy does. */
    public static String encode(byte[] text, int length) {
        StringBuilder out = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            byte b = text[i];
            if (b < ' ' || b >= '~' || b == '%') {
                out.append('%').append(HEX[(b & 0xff) >> 4]).append(HEX[b & 0xf]);
            } else {
                out.append((char) b);
            }
        }
        return out.toString();
    }

    /** What is not two digits behind a percent sign stands for itself. */
    public static String decode(String field) {
        byte[] out = new byte[field.length()];
        int length = 0;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            int high = c == '%' && i + 2 < field.length() ? Character.digit(field.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(field.charAt(i + 2), 16);
            if (low < 0) {
                out[length++] = (byte) c;
            } else {
                out[length++] = (byte) (high << 4 | low);
                i += 2;
            }
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }
}
