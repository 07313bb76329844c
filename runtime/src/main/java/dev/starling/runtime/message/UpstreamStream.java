package dev.starling.runtime.message;

import dev.starling.lb.Endpoint;
import dev.starling.runtime.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one attempt, as its codec offers it: an HTTP/1.1 connection while it serves one request, or one
 * stream of an HTTP/2 connection. Confined to the loop.
 */
public interface UpstreamStream {

    void writeHead(RequestHead head, boolean endStream);

    /** Takes ownership. */
    void writeData(ByteBuf bytes, boolean endStream);

    void writeTrailers(Headers trailers);

    /** Gives the attempt up; no more of its events will come. */
    void reset();

    /** False while more is buffered than the limit; the receiver is told when it is true again. */
    boolean writable();

    /** Credit: body bytes of the response have left for the client, so as many more may be read. */
    void consumed(int bytes);

    Endpoint endpoint();

    /** Whether not one byte of the request has been given to the kernel: another connection may take it unseen. */
    boolean untouched();

    /** The version of HTTP that is spoken on it, as logs name it; empty where it is not HTTP. */
    String protocol();

    SocketAddress localAddress();

    /** What is known of the connection's TLS; null if it is not secured. */
    default @Nullable TlsSession tls() {
        return null;
    }

    /** Who hears of the stream. Called in the loop, from the codec: queue and become ready, do not work. */
    interface Receiver {

        void onUpstreamEvent(UpstreamStream stream, StreamEvent event);

        void onUpstreamWritable(UpstreamStream stream);
    }
}
