package dev.starling.runtime.grpc;

/** What should be a message of gRPC cannot be taken. */
public final class BrokenFrame extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    /** @param status of gRPC, as Envoy gives it */
    BrokenFrame(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
