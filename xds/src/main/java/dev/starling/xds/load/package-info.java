/** Telling a management server how much load went where (LRS). */
@NullMarked
package dev.starling.xds.load;

import org.jspecify.annotations.NullMarked;
