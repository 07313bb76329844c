package dev.starling.runtime.message;

import io.netty.buffer.ByteBuf;

/**
 * What a codec tells an exchange, the same for HTTP/1.1 and HTTP/2 and for both sides
 * (docs/decisions/0008-exchange-events.md). A message is a head, any number of data, and perhaps trailers; the last of
 * them ends it. A reset may come at any time and is the last event. After an accepted upgrade, data is raw bytes.
 *
 * <p>Order per side is the order of the wire. {@link Data} carries ownership of its buffer to whoever takes the event.
 */
public sealed interface StreamEvent
        permits RequestHead, ResponseHead, StreamEvent.Data, StreamEvent.Trailers, StreamEvent.Reset {

    /** Body bytes. */
    record Data(ByteBuf bytes, boolean endStream) implements StreamEvent {}

    /** Ends the message. */
    record Trailers(Headers headers) implements StreamEvent {}

    /** The stream is over before its message was. */
    record Reset(StreamReset reason, String detail) implements StreamEvent {}
}
