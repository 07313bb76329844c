/** Reads the settings of the listener filters. */
@NullMarked
package dev.starling.config.proto.listener.filter;

import org.jspecify.annotations.NullMarked;
