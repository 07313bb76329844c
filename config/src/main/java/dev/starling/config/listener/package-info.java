/** Listeners, filter chains and what selects them. */
@NullMarked
package dev.starling.config.listener;

import org.jspecify.annotations.NullMarked;
