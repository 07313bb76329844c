/** Where resources come from that are not in the bootstrap. */
@NullMarked
package dev.starling.config.discovery;

import org.jspecify.annotations.NullMarked;
