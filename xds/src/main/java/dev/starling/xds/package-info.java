/** Configuration sources and the state of their subscriptions. */
@NullMarked
package dev.starling.xds;

import org.jspecify.annotations.NullMarked;
