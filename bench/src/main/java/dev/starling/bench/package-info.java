/** Benchmarks: side by side with other proxies, and JMH for the hot parts. */
@NullMarked
package dev.starling.bench;

import org.jspecify.annotations.NullMarked;
