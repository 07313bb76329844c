/** The balancing decision: which priority and list, then which member of it; one balancer per event loop and cluster. */
@NullMarked
package dev.starling.lb.picker;

import org.jspecify.annotations.NullMarked;
