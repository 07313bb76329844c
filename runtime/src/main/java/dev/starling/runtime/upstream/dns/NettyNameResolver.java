package dev.starling.runtime.upstream.dns;

import dev.starling.config.cluster.Cluster.LookupFamily;
import dev.starling.runtime.loop.Transport;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the system's name servers over Netty, on one event loop; the hosts file and search domains count as everywhere. What
 * each lookup family asks for is what Envoy's c-ares resolver asks for. Nothing is kept: who asks decides when to ask again.
 */
public final class NettyNameResolver implements NameResolver, AutoCloseable {

    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(5);

    private final EventLoop eventLoop;
    private final Family v4;
    private final Family v6;

    public NettyNameResolver(EventLoop eventLoop, Transport transport) {
        this(eventLoop, transport, DnsServerAddressStreamProviders.platformDefault());
    }

    NettyNameResolver(EventLoop eventLoop, Transport transport, DnsServerAddressStreamProvider servers) {
        this.eventLoop = eventLoop;
        this.v4 = new Family(ResolvedAddressTypes.IPV4_ONLY, eventLoop, transport, servers);
        this.v6 = new Family(ResolvedAddressTypes.IPV6_ONLY, eventLoop, transport, servers);
    }

    @Override
    public void resolve(String host, LookupFamily family, Consumer<Answer> done) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
        if (literal != null) {
            done.accept(new Answer.Addresses(List.of(literal), Duration.ZERO));
            return;
        }
        eventLoop.execute(() -> {
            switch (family) {
                case V4_ONLY -> v4.ask(host, done);
                case V6_ONLY -> v6.ask(host, done);
                case AUTO -> v6.ask(host, first -> orElse(first, v4, host, done));
                case V4_PREFERRED -> v4.ask(host, first -> orElse(first, v6, host, done));
                case ALL -> v4.ask(host, first -> v6.ask(host, second -> done.accept(both(first, second))));
            }
        });
    }

    private static void orElse(Answer first, Family other, String host, Consumer<Answer> done) {
        if (first instanceof Answer.Addresses(var addresses, var _) && !addresses.isEmpty()) {
            done.accept(first);
        } else {
            other.ask(host, second -> done.accept(both(first, second)));
        }
    }

    /** Without any address, one failure is enough not to believe that there are none. */
    private static Answer both(Answer first, Answer second) {
        if (first instanceof Answer.Addresses(var some, var ttl)
                && second instanceof Answer.Addresses(var more, var otherTtl)) {
            List<InetAddress> all = new ArrayList<>(some);
            all.addAll(more);
            boolean shorter = some.isEmpty() || (!more.isEmpty() && otherTtl.compareTo(ttl) < 0);
            return new Answer.Addresses(all, shorter ? otherTtl : ttl);
        }
        Answer answered = first instanceof Answer.Addresses ? first : second;
        Answer failed = first instanceof Answer.Failed ? first : second;
        return answered instanceof Answer.Addresses(var addresses, var _) && !addresses.isEmpty() ? answered : failed;
    }

    @Override
    public void close() {
        eventLoop.execute(() -> {
            v4.close();
            v6.close();
        });
    }

    /** Asks for addresses of one kind. Confined to the event loop. */
    private static final class Family {

        private final ShortestTtl ttls = new ShortestTtl();
        private final Supplier<DnsNameResolver> opening;
        private @Nullable DnsNameResolver resolver;

        Family(
                ResolvedAddressTypes types,
                EventLoop eventLoop,
                Transport transport,
                DnsServerAddressStreamProvider servers) {
            this.opening = () -> new DnsNameResolverBuilder(eventLoop)
                    .datagramChannelType(transport.datagramChannel())
                    .socketChannelFactory(transport::newSocket)
                    .resolvedAddressTypes(types)
                    .resolveCache(ttls)
                    .cnameCache(NoopDnsCnameCache.INSTANCE)
                    .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                    .nameServerProvider(servers)
                    .queryTimeoutMillis(QUERY_TIMEOUT.toMillis())
                    .build();
        }

        void ask(String host, Consumer<Answer> done) {
            DnsNameResolver open = resolver;
            if (open == null) { // many a proxy never asks
                open = opening.get();
                resolver = open;
            }
            open.resolveAll(host).addListener(future -> {
                Duration ttl = ttls.take(host);
                if (future.isSuccess()) {
                    @SuppressWarnings("unchecked") // the listener's future has lost the type it was made with
                    List<InetAddress> addresses = (List<InetAddress>) future.getNow();
                    done.accept(new Answer.Addresses(addresses, ttl));
                } else {
                    done.accept(failure(future.cause()));
                }
            });
        }

        void close() {
            if (resolver != null) {
                resolver.close();
            }
        }

        private static Answer failure(Throwable cause) {
            for (Throwable at = cause; at != null; at = at.getCause()) {
                if (at instanceof DnsErrorCauseException error
                        && (error.getCode().equals(DnsResponseCode.NXDOMAIN)
                                || error.getCode().equals(DnsResponseCode.NXRRSET))) {
                    return new Answer.Addresses(List.of(), Duration.ZERO);
                }
            }
            return new Answer.Failed(
                    cause instanceof UnknownHostException && cause.getCause() != null
                            ? String.valueOf(cause.getCause().getMessage())
                            : String.valueOf(cause.getMessage()));
        }
    }
}
