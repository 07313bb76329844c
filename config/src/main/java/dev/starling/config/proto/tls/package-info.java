/** Readers of transport sockets and of what TLS is configured with. */
@NullMarked
package dev.starling.config.proto.tls;

import org.jspecify.annotations.NullMarked;
