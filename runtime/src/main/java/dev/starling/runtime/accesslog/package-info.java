/** Access logs: Envoy's format operators, its filters, and the writer that takes lines from the event loops. */
@NullMarked
package dev.starling.runtime.accesslog;

import org.jspecify.annotations.NullMarked;
