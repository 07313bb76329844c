/** Serves what control planes have sent to clients of its own. */
@NullMarked
package dev.starling.runtime.http.filter.xdsrelay;

import org.jspecify.annotations.NullMarked;
