/** HTTP/1.1 on the wire: strict decoding, encoding, and the connections of both sides. */
@NullMarked
package dev.starling.runtime.http.codec;

import org.jspecify.annotations.NullMarked;
