/** Readers of network filters. */
@NullMarked
package dev.starling.config.proto.tcp;

import org.jspecify.annotations.NullMarked;
