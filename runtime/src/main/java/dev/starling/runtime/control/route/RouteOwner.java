package dev.starling.runtime.control.route;

import dev.starling.config.discovery.ConfigSource;
import java.util.Optional;

/**
 * Whose route configuration it is: those of one name that filter chains bring with them have one owner, those of one name
 * and source have another.
 */
record RouteOwner(String name, Optional<ConfigSource> source) {

    static RouteOwner filterChains(String name) {
        return new RouteOwner(name, Optional.empty());
    }

    @Override
    public String toString() {
        return source.isEmpty() ? name : name + " (dynamic)";
    }
}
