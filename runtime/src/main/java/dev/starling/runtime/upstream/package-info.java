/** Connection pools, attempts and the connections they use. */
@NullMarked
package dev.starling.runtime.upstream;

import org.jspecify.annotations.NullMarked;
