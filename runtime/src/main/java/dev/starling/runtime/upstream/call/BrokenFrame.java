package dev.starling.runtime.upstream.call;

/** What should be a message of gRPC cannot be taken. */
final class BrokenFrame extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    /** @param status of gRPC, as Envoy gives it */
    BrokenFrame(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
