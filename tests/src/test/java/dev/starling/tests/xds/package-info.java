/** Starling driven by control planes of others, in one process with them. */
@NullMarked
package dev.starling.tests.xds;

import org.jspecify.annotations.NullMarked;
