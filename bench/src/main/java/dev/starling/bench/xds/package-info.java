/** The other sides of the proxies that {@code bench/xds} measures: control plane, upstreams and client. */
@NullMarked
package dev.starling.bench.xds;

import org.jspecify.annotations.NullMarked;
