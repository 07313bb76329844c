/** Readers of the small messages that all others share: addresses, durations, prefixes, metadata. */
@NullMarked
package dev.starling.config.proto.core;

import org.jspecify.annotations.NullMarked;
