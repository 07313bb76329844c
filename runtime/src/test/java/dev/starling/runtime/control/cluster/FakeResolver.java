package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.Cluster.LookupFamily;
import dev.starling.runtime.upstream.dns.NameResolver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Hands every query to the test, which answers it when it likes. */
final class FakeResolver implements NameResolver {

    private final BlockingQueue<Query> queries = new LinkedBlockingQueue<>();

    record Query(String host, LookupFamily family, Consumer<Answer> done) {

        void answer(String... addresses) {
            answer(Duration.ofSeconds(30), addresses);
        }

        void answer(Duration ttl, String... addresses) {
            done.accept(new Answer.Addresses(
                    Arrays.stream(addresses).map(InetAddress::ofLiteral).toList(), ttl));
        }

        void fail(String reason) {
            done.accept(new Answer.Failed(reason));
        }
    }

    @Override
    public void resolve(String host, LookupFamily family, Consumer<Answer> done) {
        queries.add(new Query(host, family, done));
    }

    /** Waits for the next query. */
    Query next() throws InterruptedException {
        Query query = queries.poll(5, TimeUnit.SECONDS);
        if (query == null) {
            throw new AssertionError("nothing was asked");
        }
        return query;
    }

    /** Waits for the next query for this host, leaving those for others. */
    Query next(String host) throws InterruptedException {
        Query query = next();
        if (query.host().equals(host)) {
            return query;
        }
        Query other = next(host);
        queries.add(query);
        return other;
    }

    boolean isIdle() {
        return queries.isEmpty();
    }
}
