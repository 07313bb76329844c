/** Endpoints that are checked for a management server and take no traffic. */
@NullMarked
package dev.starling.runtime.control.health;

import org.jspecify.annotations.NullMarked;
