/** HTTP/1.1 on the wire: strict decoding, encoding, and the connection to an upstream. */
@NullMarked
package dev.starling.runtime.codec;

import org.jspecify.annotations.NullMarked;
