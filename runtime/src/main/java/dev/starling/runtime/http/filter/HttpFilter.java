package dev.starling.runtime.http.filter;

import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;

/**
 * An HTTP filter of one exchange: a plain object, made when the exchange begins, that sees the request on its way in and
 * the response on its way out. It may change what it sees, stop it, let it go on later, answer by itself, and do so
 * asynchronously through its {@link ExchangeContext}. Confined to the exchange's loop. An exception ends the exchange
 * with a 500 or a reset.
 */
public interface HttpFilter {

    /** What becomes of the message after a filter has seen a part of it. */
    enum Flow {
        /** On to the next filter. If this filter had stopped the message, what was held goes first. */
        CONTINUE,
        /**
         * No further for now; later parts still come to this filter. Data that it returns this for is dropped from the
         * message: the filter has taken it.
         */
        STOP,
        /** As STOP, but the data is kept and goes on with the message; past the buffer limit the exchange fails with 413. */
        STOP_AND_BUFFER,
        /** No further, and no part comes to this filter until it resumes; the sender is held back by flow control. */
        STOP_ALL
    }

    /** {@code endStream}: there is no body. */
    default Flow onRequestHead(RequestHead head, boolean endStream) {
        return Flow.CONTINUE;
    }

    /** The chunk may be changed in place or replaced. */
    default Flow onRequestData(Chunk chunk, boolean endStream) {
        return Flow.CONTINUE;
    }

    default Flow onRequestTrailers(Headers trailers) {
        return Flow.CONTINUE;
    }

    /** Also for replies made by the proxy itself. Informational heads are not shown. */
    default Flow onResponseHead(ResponseHead head, boolean endStream) {
        return Flow.CONTINUE;
    }

    default Flow onResponseData(Chunk chunk, boolean endStream) {
        return Flow.CONTINUE;
    }

    default Flow onResponseTrailers(Headers trailers) {
        return Flow.CONTINUE;
    }

    /** The exchange is over, however it ended: release everything. Called exactly once, last. */
    default void onEnd() {}

    /** Makes the filter of one exchange; shared by all loops. */
    @FunctionalInterface
    interface Maker {
        HttpFilter make(ExchangeContext context);
    }
}
