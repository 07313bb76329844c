/** The data path on Netty event loops, and the actors that own listeners, routes and clusters. */
@NullMarked
package dev.starling.runtime;

import org.jspecify.annotations.NullMarked;
