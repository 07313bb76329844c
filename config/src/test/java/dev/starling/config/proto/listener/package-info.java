/** Listeners and filter chains, as they are read. */
@NullMarked
package dev.starling.config.proto.listener;

import org.jspecify.annotations.NullMarked;
