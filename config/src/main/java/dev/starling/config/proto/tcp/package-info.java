/** Readers of the network filters other than the connection manager. */
@NullMarked
package dev.starling.config.proto.tcp;

import org.jspecify.annotations.NullMarked;
