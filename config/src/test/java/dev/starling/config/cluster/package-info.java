@NullMarked
package dev.starling.config.cluster;

import org.jspecify.annotations.NullMarked;
