/** The actors that own clusters: their versions, endpoints, discovery and limits. */
@NullMarked
package dev.starling.runtime.control.cluster;

import org.jspecify.annotations.NullMarked;
