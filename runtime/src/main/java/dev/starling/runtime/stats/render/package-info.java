/** The forms in which stats are shown: Envoy's text and JSON, and Prometheus, each written in bounded pieces. */
@NullMarked
package dev.starling.runtime.stats.render;

import org.jspecify.annotations.NullMarked;
