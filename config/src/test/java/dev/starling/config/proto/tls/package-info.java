/** Secrets and what names them, as they are read. */
@NullMarked
package dev.starling.config.proto.tls;

import org.jspecify.annotations.NullMarked;
