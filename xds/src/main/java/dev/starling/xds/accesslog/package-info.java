/** Streaming access log entries to a log service (ALS). */
@NullMarked
package dev.starling.xds.accesslog;

import org.jspecify.annotations.NullMarked;
