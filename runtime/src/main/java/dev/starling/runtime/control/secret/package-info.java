/** Secrets that come from control planes and files. */
@NullMarked
package dev.starling.runtime.control.secret;

import org.jspecify.annotations.NullMarked;
