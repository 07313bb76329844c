package dev.starling.runtime.upstream.dns;

import dev.starling.config.cluster.Cluster.LookupFamily;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Asks for the addresses of host names, without blocking. */
@FunctionalInterface
public interface NameResolver {

    /** @param done called once, from any thread */
    void resolve(String host, LookupFamily family, Consumer<Answer> done);

    /** What came of it. */
    sealed interface Answer {

        /**
         * The answer is known.
         *
         * @param addresses in the order in which they are to be used; empty if the name has none, or does not exist
         * @param minTtl of the records; zero if there are none
         */
        record Addresses(List<InetAddress> addresses, Duration minTtl) implements Answer {
            public Addresses {
                addresses = List.copyOf(addresses);
            }
        }

        /** Nobody could tell. */
        record Failed(String reason) implements Answer {}
    }
}
