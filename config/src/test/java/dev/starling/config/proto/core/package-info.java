/** The small messages, as they are read. */
@NullMarked
package dev.starling.config.proto.core;

import org.jspecify.annotations.NullMarked;
