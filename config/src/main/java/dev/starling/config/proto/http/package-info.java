/** Readers of the HTTP connection manager and its HTTP filters. */
@NullMarked
package dev.starling.config.proto.http;

import org.jspecify.annotations.NullMarked;
