package dev.starling.xds;

import dev.starling.config.discovery.ConfigSource;
import dev.starling.xds.subscription.Watch;

/** Where resources are had from that are not in the bootstrap. Any thread. */
@FunctionalInterface
public interface Discovery {

    /** The subscriber is told what there is, and what changes, until the watching ends; a little may still be on its way then. */
    Watching watch(ConfigSource source, Watch<?> watch);

    interface Watching {
        void end();
    }
}
