/** Endpoints, their state and health, and the pickers that choose among them: pure functions of the model. */
@NullMarked
package dev.starling.lb;

import org.jspecify.annotations.NullMarked;
