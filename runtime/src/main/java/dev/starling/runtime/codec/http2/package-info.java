/** HTTP/2 on the wire (RFC 9113): frames, streams, flow control. */
@NullMarked
package dev.starling.runtime.codec.http2;

import org.jspecify.annotations.NullMarked;
