/** Accepting connections: sockets, filter chain match. */
@NullMarked
package dev.starling.runtime.listener;

import org.jspecify.annotations.NullMarked;
