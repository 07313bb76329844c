/**
 * Active health checks and outlier detection: pure state machines and the thin actors that drive them.
 *
 * <p>Who owns an endpoint's health: {@link dev.starling.lb.EndpointState} is the one place where the flags of all sources
 * are OR-ed, and each flag has exactly one writer. {@link dev.starling.healthcheck.active.EndpointHealthSession} writes
 * those of {@link dev.starling.healthcheck.active.HealthState#FLAGS},
 * {@link dev.starling.healthcheck.outlier.OutlierDetector} writes {@code FAILED_OUTLIER_CHECK}, and the owner of the
 * endpoint set writes what discovery says. A writer sets its flags first and then tells the owner of the set, which
 * publishes it anew; no two sources ever race for a flag, and none waits for another.
 */
@NullMarked
package dev.starling.healthcheck;

import org.jspecify.annotations.NullMarked;
