/** The runtime of Envoy's configuration: values that change while all runs, merged of layers. */
@NullMarked
package dev.starling.runtime.layered;

import org.jspecify.annotations.NullMarked;
