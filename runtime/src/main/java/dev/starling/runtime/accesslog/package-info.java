/** Access logs: what is known of an exchange, how it is written, and the writer that no loop waits for. */
@NullMarked
package dev.starling.runtime.accesslog;

import org.jspecify.annotations.NullMarked;
