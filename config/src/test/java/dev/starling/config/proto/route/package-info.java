/** Readers of route configurations. */
@NullMarked
package dev.starling.config.proto.route;

import org.jspecify.annotations.NullMarked;
