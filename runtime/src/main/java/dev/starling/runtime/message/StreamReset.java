package dev.starling.runtime.message;

/** Why a stream ended early, in the words of Envoy's {@code StreamResetReason}. */
public enum StreamReset {
    /** The connection closed under the stream. */
    CONNECTION_TERMINATION("connection termination"),
    /** The peer reset this stream. */
    REMOTE_RESET("remote reset"),
    /** The peer reset it saying that nothing was processed: safe to try elsewhere. */
    REMOTE_REFUSED_STREAM("remote refused stream reset"),
    /** The peer could not open the connection that was asked for (RFC 9113 8.5). */
    CONNECT_ERROR("remote error with CONNECT request"),
    /** We gave the stream up. */
    LOCAL_RESET("local reset"),
    /** The peer spoke wrongly. */
    PROTOCOL_ERROR("protocol error"),
    /** A limit of the cluster was reached. */
    OVERFLOW("overflow"),
    /** The connection could not be opened. */
    REMOTE_CONNECTION_FAILURE("remote connection failure"),
    /** The connection could not be opened for a reason on our side. */
    LOCAL_CONNECTION_FAILURE("local connection failure"),
    /** The connection was not open in time. */
    CONNECTION_TIMEOUT("connection timeout");

    private static final String BEFORE_HEADERS = "upstream connect error or disconnect/reset before headers. ";

    private final String text;

    StreamReset(String text) {
        this.text = text;
    }

    /** As it stands in Envoy's reply bodies; with underscores, in its response code details. */
    public String text() {
        return text;
    }

    public String detail() {
        return text.replace(' ', '_');
    }

    /** The status of the reply to a request whose response had not begun. */
    public int replyStatus() {
        return this == PROTOCOL_ERROR ? 502 : 503;
    }

    /** The body of that reply. */
    public String replyText() {
        return BEFORE_HEADERS + "reset reason: " + text;
    }

    /** The same where the request was sent more than once. */
    public String replyTextAfterRetry() {
        return BEFORE_HEADERS + "retried and the latest reset reason: " + text;
    }

    /**
     * Its response code details.
     *
     * @param transportDetail what the transport has to say of it; may be empty
     */
    public String replyDetails(String transportDetail) {
        String transport = transportDetail.isEmpty() ? "" : "|" + transportDetail.replace(' ', '_');
        return "upstream_reset_before_response_started{" + detail() + transport + "}";
    }
}
