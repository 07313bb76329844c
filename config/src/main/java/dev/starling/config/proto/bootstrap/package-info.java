/** Readers of the bootstrap and what stands only there: node, admin, runtime layers. */
@NullMarked
package dev.starling.config.proto.bootstrap;

import org.jspecify.annotations.NullMarked;
