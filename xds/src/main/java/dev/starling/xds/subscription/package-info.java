/** Who wants which resources, and how they are told. */
@NullMarked
package dev.starling.xds.subscription;

import org.jspecify.annotations.NullMarked;
