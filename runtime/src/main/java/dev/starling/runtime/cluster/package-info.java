/** Clusters as the data path sees them: published snapshots, limits, statistics. */
@NullMarked
package dev.starling.runtime.cluster;

import org.jspecify.annotations.NullMarked;
