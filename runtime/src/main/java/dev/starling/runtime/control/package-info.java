/** The actors that own listeners, clusters and routes, and publish to the data path what they decide. */
@NullMarked
package dev.starling.runtime.control;

import org.jspecify.annotations.NullMarked;
