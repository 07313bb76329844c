/** String, header and query parameter matchers. */
@NullMarked
package dev.starling.config.matcher;

import org.jspecify.annotations.NullMarked;
