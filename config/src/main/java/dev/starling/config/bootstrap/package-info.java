/** What the process itself is told: node, admin, static resources, runtime layers. */
@NullMarked
package dev.starling.config.bootstrap;

import org.jspecify.annotations.NullMarked;
