package dev.starling.runtime.message;

import dev.starling.runtime.accesslog.HeaderView;
import org.jspecify.annotations.Nullable;

/** The head of a response, informational ones included. Filters may change it before it is sent. */
public final class ResponseHead implements StreamEvent, HeaderView {

    private final Headers headers;
    private final Protocol protocol;
    private final boolean endStream;
    private final long contentLength;
    private int status;
    private boolean opensTunnel;

    /**
     * @param status 100 to 599; below 200, except 101, another head follows
     * @param contentLength -1 if not told
     * @param endStream no body follows
     */
    public ResponseHead(int status, Protocol protocol, Headers headers, long contentLength, boolean endStream) {
        this.status = status;
        this.protocol = protocol;
        this.headers = headers;
        this.contentLength = contentLength;
        this.endStream = endStream;
    }

    public int status() {
        return status;
    }

    public void status(int newStatus) {
        status = newStatus;
    }

    /** Bytes of all names and values, {@code :status} included. */
    public int byteSize() {
        return headers.byteSize() + ":status".length() + 3;
    }

    public Headers headers() {
        return headers;
    }

    public Protocol protocol() {
        return protocol;
    }

    public boolean endStream() {
        return endStream;
    }

    public long contentLength() {
        return contentLength;
    }

    @Override
    public @Nullable String get(String name) {
        return name.equals(":status") ? Integer.toString(status) : headers.get(name);
    }

    @Override
    public @Nullable String joined(String name) {
        return name.equals(":status") ? get(name) : headers.joined(name);
    }

    /** Said by the upstream's codec: what follows this head is raw bytes, in both directions. */
    public ResponseHead openingTunnel() {
        opensTunnel = true;
        return this;
    }

    public boolean opensTunnel() {
        return opensTunnel;
    }

    /** Another head follows. */
    public boolean informational() {
        return status < 200 && status != 101;
    }
}
