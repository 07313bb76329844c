/** The actor that owns the layers of the runtime. */
@NullMarked
package dev.starling.runtime.control.layered;

import org.jspecify.annotations.NullMarked;
