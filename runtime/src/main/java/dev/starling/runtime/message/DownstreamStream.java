package dev.starling.runtime.message;

import io.netty.buffer.ByteBuf;

/**
 * The client's end of one exchange, as its codec offers it: an HTTP/1.1 connection while it answers one request, or one
 * stream of an HTTP/2 connection. Confined to the loop. What is written goes out when the loop's turn ends.
 */
public interface DownstreamStream {

    /** A final head must come once; informational heads before it. */
    void writeHead(ResponseHead head, boolean endStream);

    /** Takes ownership. */
    void writeData(ByteBuf bytes, boolean endStream);

    void writeTrailers(Headers trailers);

    /** Gives the stream up: an HTTP/1.1 connection closes, an HTTP/2 stream is reset. */
    void reset(StreamReset reason);

    /** False while more is buffered than the limit; the exchange is told when tells when it is true again. */
    boolean writable();

    /** Credit: body bytes of the request have left for the upstream, so as many more may be read. */
    void consumed(int bytes);

    /** The response is complete: nothing more will be written. The request may still be incomplete. */
    void responseEnded();

    /** What is known of the connection. */
    DownstreamConnection connection();
}
