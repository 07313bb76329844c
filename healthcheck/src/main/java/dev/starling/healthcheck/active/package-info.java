/**
 * Active health checks: a pure state machine and schedule per endpoint, one actor per checked endpoint that drives them,
 * and the port through which it asks the endpoint.
 */
@NullMarked
package dev.starling.healthcheck.active;

import org.jspecify.annotations.NullMarked;
