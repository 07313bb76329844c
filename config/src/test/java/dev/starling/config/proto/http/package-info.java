/** Readers of the connection manager, its routes, access logs and filters. */
@NullMarked
package dev.starling.config.proto.http;

import org.jspecify.annotations.NullMarked;
