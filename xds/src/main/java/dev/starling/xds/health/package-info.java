/** Checking endpoints for a management server, and telling it how they are (HDS). */
@NullMarked
package dev.starling.xds.health;

import org.jspecify.annotations.NullMarked;
