/** Readers of load assignments. */
@NullMarked
package dev.starling.config.proto.endpoint;

import org.jspecify.annotations.NullMarked;
