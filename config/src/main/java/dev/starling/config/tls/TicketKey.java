package dev.starling.config.tls;

import java.io.IOException;

/** A key that session tickets are sealed with; never shows itself. */
public final class TicketKey {

    /** Name, HMAC key and AES key. */
    public static final int BYTES = 80;

    private final byte[] bytes;

    private TicketKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws TlsProblem in Envoy's words */
    public static TicketKey load(DataSource source) throws TlsProblem {
        try {
            byte[] bytes = source.read();
            if (bytes.length != BYTES) {
                throw new TlsProblem(
                        "",
                        "Incorrect TLS session ticket key length. Length " + bytes.length + ", expected length " + BYTES
                                + ".");
            }
            return new TicketKey(bytes);
        } catch (IOException e) {
            throw new TlsProblem(
                    "",
                    source instanceof DataSource.File(var path)
                            ? "Invalid path: " + path
                            : String.valueOf(e.getMessage()));
        }
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return "TicketKey";
    }
}
