/** Readers of matchers of strings, headers and query parameters. */
@NullMarked
package dev.starling.config.proto.matcher;

import org.jspecify.annotations.NullMarked;
