/** Clusters, as they are read. */
@NullMarked
package dev.starling.config.proto.cluster;

import org.jspecify.annotations.NullMarked;
