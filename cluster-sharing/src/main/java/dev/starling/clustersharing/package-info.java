/** Passive health evidence shared between proxies on a Pekko Cluster. */
@NullMarked
package dev.starling.clustersharing;

import org.jspecify.annotations.NullMarked;
