/** The short form for people: expands {@code starling { listeners … clusters … }} to an Envoy bootstrap. */
@NullMarked
package dev.starling.config.proto.shortform;

import org.jspecify.annotations.NullMarked;
