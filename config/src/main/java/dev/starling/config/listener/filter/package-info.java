/** Settings of the listener filters. */
@NullMarked
package dev.starling.config.listener.filter;

import org.jspecify.annotations.NullMarked;
