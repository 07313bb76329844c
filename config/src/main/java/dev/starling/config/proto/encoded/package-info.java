/** Tells by a walk over the bytes of a message that there is nothing to say of it, which is so of most. */
@NullMarked
package dev.starling.config.proto.encoded;

import org.jspecify.annotations.NullMarked;
