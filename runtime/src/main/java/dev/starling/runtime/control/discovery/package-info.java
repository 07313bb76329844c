/** What the owners of clusters, listeners and routes know of control planes. */
@NullMarked
package dev.starling.runtime.control.discovery;

import org.jspecify.annotations.NullMarked;
