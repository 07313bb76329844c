/** Network filters: what serves the bytes of a connection. */
@NullMarked
package dev.starling.runtime.network;

import org.jspecify.annotations.NullMarked;
