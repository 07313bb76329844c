/** Header compression for HTTP/2 (RFC 7541). */
@NullMarked
package dev.starling.runtime.codec.hpack;

import org.jspecify.annotations.NullMarked;
