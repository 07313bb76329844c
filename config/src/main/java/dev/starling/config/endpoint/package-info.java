/** Load assignments: priorities, localities, endpoints. */
@NullMarked
package dev.starling.config.endpoint;

import org.jspecify.annotations.NullMarked;
