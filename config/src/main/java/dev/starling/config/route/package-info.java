/** Route configurations: virtual hosts, matches and actions. */
@NullMarked
package dev.starling.config.route;

import org.jspecify.annotations.NullMarked;
