/** Readers of clusters: discovery, balancing, limits, health policies. */
@NullMarked
package dev.starling.config.proto.cluster;

import org.jspecify.annotations.NullMarked;
