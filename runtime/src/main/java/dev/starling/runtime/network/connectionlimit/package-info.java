/** The network filter that limits how many connections a filter chain serves. */
@NullMarked
package dev.starling.runtime.network.connectionlimit;

import org.jspecify.annotations.NullMarked;
