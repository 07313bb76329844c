/** The health check filter: answers checks of this proxy, or of what stands behind it. */
@NullMarked
package dev.starling.runtime.http.filter.healthcheck;

import org.jspecify.annotations.NullMarked;
