/** The HTTP connection manager and its HTTP filters. */
@NullMarked
package dev.starling.config.http;

import org.jspecify.annotations.NullMarked;
