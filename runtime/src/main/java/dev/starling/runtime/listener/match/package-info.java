/** Which filter chain serves a connection. */
@NullMarked
package dev.starling.runtime.listener.match;

import org.jspecify.annotations.NullMarked;
