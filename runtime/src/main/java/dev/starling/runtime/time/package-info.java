/** The one place that reads clocks. */
@NullMarked
package dev.starling.runtime.time;

import org.jspecify.annotations.NullMarked;
