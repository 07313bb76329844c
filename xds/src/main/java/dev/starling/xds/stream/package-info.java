/** Streams to control planes: one actor each. */
@NullMarked
package dev.starling.xds.stream;

import org.jspecify.annotations.NullMarked;
