/** Readers of listeners, filter chains and what selects them. */
@NullMarked
package dev.starling.config.proto.listener;

import org.jspecify.annotations.NullMarked;
