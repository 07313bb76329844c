/** Counters, gauges and histograms under Envoy's names: written by event loops without sharing, read by anyone. */
@NullMarked
package dev.starling.runtime.stats;

import org.jspecify.annotations.NullMarked;
