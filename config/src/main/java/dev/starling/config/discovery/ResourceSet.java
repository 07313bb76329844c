package dev.starling.config.discovery;

import java.util.Optional;

/**
 * Resources of one type that a source has: all that there are, or the members of a collection.
 *
 * @param locator {@code xdstp://authority/type/id?context}, mostly of a collection ({@code /*}); absent: all
 */
public record ResourceSet(ConfigSource source, Optional<String> locator) {}
