/** HTTP messages of any version: heads, headers, the events of a stream, and the ends it is written to. */
@NullMarked
package dev.starling.runtime.message;

import org.jspecify.annotations.NullMarked;
