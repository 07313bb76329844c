/** Network filters other than the connection manager. */
@NullMarked
package dev.starling.config.tcp;

import org.jspecify.annotations.NullMarked;
