/** Configurations of extensions that come by themselves. */
@NullMarked
package dev.starling.runtime.control.extension;

import org.jspecify.annotations.NullMarked;
