package dev.starling.runtime.http.filter.router;

import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.message.StreamReset;

/** How an attempt that ended early is answered and logged: the one place where resets become replies. */
record UpstreamFailure(int status, String body, ResponseFlag flag, String details) {

    /** @param retried whether it was not the first attempt */
    static UpstreamFailure of(StreamReset reason, String transportDetail, boolean retried) {
        ResponseFlag flag = switch (reason) {
            case CONNECTION_TERMINATION -> ResponseFlag.UC;
            case REMOTE_RESET, REMOTE_REFUSED_STREAM, CONNECT_ERROR -> ResponseFlag.UR;
            case LOCAL_RESET -> ResponseFlag.LR;
            case PROTOCOL_ERROR -> ResponseFlag.UPE;
            case OVERFLOW -> ResponseFlag.UO;
            case REMOTE_CONNECTION_FAILURE, LOCAL_CONNECTION_FAILURE, CONNECTION_TIMEOUT -> ResponseFlag.UF;
        };
        return new UpstreamFailure(
                reason.replyStatus(),
                retried ? reason.replyTextAfterRetry() : reason.replyText(),
                flag,
                reason.replyDetails(transportDetail));
    }

    /** Details when the response had begun. */
    static String afterResponseStarted(StreamReset reason) {
        return "upstream_reset_after_response_started{" + reason.detail() + "}";
    }
}
