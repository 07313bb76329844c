/** Active health checks and outlier detection: pure state machines and the thin actors that drive them. */
@NullMarked
package dev.starling.healthcheck;

import org.jspecify.annotations.NullMarked;
