/** TLS on the wire: contexts that can be replaced, handshakes, verification of peers, what is known of a session. */
@NullMarked
package dev.starling.runtime.tls;

import org.jspecify.annotations.NullMarked;
