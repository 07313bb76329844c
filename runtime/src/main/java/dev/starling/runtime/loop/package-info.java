/** Event loops as Pekko dispatchers, the flows that run on them, timers and the one flush per turn. */
@NullMarked
package dev.starling.runtime.loop;

import org.jspecify.annotations.NullMarked;
