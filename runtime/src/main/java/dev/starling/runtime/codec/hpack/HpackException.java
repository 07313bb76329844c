package dev.starling.runtime.codec.hpack;

/** A header block that cannot be decoded: what both sides know of each other's table has parted, so the connection ends. */
public final class HpackException extends Exception {

    private static final long serialVersionUID = 1;

    HpackException(String message) {
        super(message, null, false, false);
    }
}
