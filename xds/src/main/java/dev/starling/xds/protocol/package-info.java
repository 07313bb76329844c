/** The xDS protocol without actors, clocks and sockets: what one type asks for on a stream, and what it makes of answers. */
@NullMarked
package dev.starling.xds.protocol;

import org.jspecify.annotations.NullMarked;
