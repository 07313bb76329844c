/** How messages reach a control plane. */
@NullMarked
package dev.starling.xds.transport;

import org.jspecify.annotations.NullMarked;
