package dev.starling.runtime.grpc;

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
}
