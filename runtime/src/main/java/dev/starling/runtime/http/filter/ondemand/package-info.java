/** Asks for routes and clusters that are not there yet. */
@NullMarked
package dev.starling.runtime.http.filter.ondemand;

import org.jspecify.annotations.NullMarked;
