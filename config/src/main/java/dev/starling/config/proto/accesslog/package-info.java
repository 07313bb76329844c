/** Readers of access logs: their filters, formats and destinations. */
@NullMarked
package dev.starling.config.proto.accesslog;

import org.jspecify.annotations.NullMarked;
