/** Active health checks on the wire. */
@NullMarked
package dev.starling.runtime.upstream.probe;

import org.jspecify.annotations.NullMarked;
