/** TLS on both sides: what is configured, and how certificates, keys and trust are read from where they are kept. */
@NullMarked
package dev.starling.config.tls;

import org.jspecify.annotations.NullMarked;
