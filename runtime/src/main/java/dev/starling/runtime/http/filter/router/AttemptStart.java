package dev.starling.runtime.http.filter.router;

import dev.starling.lb.Endpoint;
import dev.starling.lb.Pick;
import dev.starling.runtime.cluster.OriginalDestinations;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.proxyprotocol.ProxyHeader;
import dev.starling.runtime.route.Forward;
import dev.starling.runtime.tls.PeerNames;
import dev.starling.runtime.upstream.LoopCluster;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How an attempt begins: with an endpoint, and a pool that is asked for a stream to it. On the exchange's loop. */
final class AttemptStart {

    private AttemptStart() {}

    /**
     * Null if there is no endpoint. The owner is told of the attempt before of anything that it does.
     *
     * @param asked the route's cluster
     * @param retries knows which endpoints to avoid
     */
    static @Nullable Attempt start(
            ExchangeContext context, Forward to, LoopCluster asked, Attempt.Owner owner, @Nullable RetryState retries) {
        if (!(pick(context, asked, retries) instanceof Endpoint endpoint)) {
            asked.traffic().stats().cxNoneHealthy.inc(context.loop().stats());
            return null;
        }
        if (retries != null) {
            retries.attempted(endpoint);
        }
        context.info().upstreamHost = endpoint.addressText();
        context.info().upstreamHostAddress = endpoint.address();
        LoopCluster target = asked.picked();
        Attempt attempt = new Attempt(owner, target, endpoint);
        owner.onStarting(attempt);
        ProxyHeader told = target.tellsClients() ? context.connection().proxyHeader() : null;
        if (Handshake.endsHere(to.action(), context.request())) {
            byte[] header = Handshake.header(to.action(), context.connection());
            TcpTunnel.open(context.loop(), target, attempt, target.preamble(told), header);
        } else {
            PeerNames names =
                    RequestNames.of(context.request(), asked.settings().http().autoNames());
            target.pool(endpoint, to.action().priority(), context.request().protocol(), told, names)
                    .newStream(attempt);
        }
        return attempt;
    }

    /** Of endpoints that a retry is to avoid, the last one picked is taken all the same. */
    private static Pick pick(ExchangeContext context, LoopCluster asked, @Nullable RetryState retries) {
        Pick pick = pick(context, asked);
        if (retries != null && context.info().attempts > 1) {
            long left = retries.hostSelectionAttempts();
            while (left > 0 && pick instanceof Endpoint endpoint && retries.avoids(endpoint)) {
                left--;
                pick = pick(context, asked);
            }
        }
        return pick;
    }

    private static Pick pick(ExchangeContext context, LoopCluster asked) {
        return asked.asksForDestination() ? asked.pick(header -> destination(context, header, asked)) : asked.pick();
    }

    /** Where the request is to go in a cluster of original destinations: a header says, or the connection. */
    private static @Nullable InetSocketAddress destination(
            ExchangeContext context, Optional<String> header, LoopCluster asked) {
        String named = header.map(context.request().headers()::get).orElse(null);
        if (named != null) {
            InetSocketAddress address = OriginalDestinations.parse(named);
            if (address != null) {
                return address;
            }
            asked.traffic().stats().originalDstHostInvalid.inc(context.loop().stats());
        }
        return context.connection().originalDestination();
    }
}
