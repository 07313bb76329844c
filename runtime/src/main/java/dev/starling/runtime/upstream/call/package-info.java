/** Requests of our own to clusters: streams to control planes, and what is fetched from them. */
@NullMarked
package dev.starling.runtime.upstream.call;

import org.jspecify.annotations.NullMarked;
