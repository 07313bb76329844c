/** Certificates and keys, as they are read. */
@NullMarked
package dev.starling.config.tls;

import org.jspecify.annotations.NullMarked;
