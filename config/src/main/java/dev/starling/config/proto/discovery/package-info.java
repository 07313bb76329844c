/** Readers of configuration sources. */
@NullMarked
package dev.starling.config.proto.discovery;

import org.jspecify.annotations.NullMarked;
