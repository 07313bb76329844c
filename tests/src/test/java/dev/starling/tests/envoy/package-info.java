/** Starling beside the real Envoy: the same bootstrap, the same bytes. */
@NullMarked
package dev.starling.tests.envoy;

import org.jspecify.annotations.NullMarked;
