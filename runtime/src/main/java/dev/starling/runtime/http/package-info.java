/** Messages, events, exchanges and the connection manager that runs them. */
@NullMarked
package dev.starling.runtime.http;

import org.jspecify.annotations.NullMarked;
