/** Envoy's admin API and the actor tree over HTTP. */
@NullMarked
package dev.starling.admin;

import org.jspecify.annotations.NullMarked;
