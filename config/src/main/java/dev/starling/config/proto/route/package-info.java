/** Readers of route configurations: virtual hosts, matches and actions. */
@NullMarked
package dev.starling.config.proto.route;

import org.jspecify.annotations.NullMarked;
