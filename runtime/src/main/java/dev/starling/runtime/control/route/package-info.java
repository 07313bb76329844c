/** The actors that own route configurations. */
@NullMarked
package dev.starling.runtime.control.route;

import org.jspecify.annotations.NullMarked;
