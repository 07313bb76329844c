/** Serving on what is held: to clients that ask as we ask our own control plane. */
@NullMarked
package dev.starling.xds.relay;

import org.jspecify.annotations.NullMarked;
