package dev.starling.xds.protocol;

import java.util.Optional;

/** What those who want a resource have against one that is valid by itself. */
@FunctionalInterface
public interface Objections<R> {

    /** The reason not to take it; empty if there is none. */
    Optional<String> against(String name, R resource);
}
