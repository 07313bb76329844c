/** Text in YAML, JSON or HOCON as one neutral tree that remembers where each value stands. */
@NullMarked
package dev.starling.config.proto.source;

import org.jspecify.annotations.NullMarked;
