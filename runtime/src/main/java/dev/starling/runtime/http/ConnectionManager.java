package dev.starling.runtime.http;

import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.http.HttpConnectionManager.ServerHeader;
import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.accesslog.AccessLogger;
import dev.starling.runtime.accesslog.HeaderView;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.network.LoopFilter;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.route.Forward;
import dev.starling.runtime.route.HeaderLines;
import dev.starling.runtime.route.RouteResult;
import dev.starling.runtime.route.RouteTable;
import dev.starling.runtime.route.RouteTableSource;
import dev.starling.runtime.stats.StatsStripe;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP connection manager of one filter chain: settings, routes, filters and statistics that its exchanges share on
 * all loops. Immutable but for the route table, which may be replaced.
 */
@SuppressWarnings("ReferenceEquality") // filters are told apart by identity
public final class ConnectionManager implements NetworkFilter {

    static final HttpFilter[] NO_FILTERS = new HttpFilter[0];

    private static final Logger log = LoggerFactory.getLogger(ConnectionManager.class);

    private final HttpConnectionManager config;
    private final FilterChainContext context;
    private final ConnectionManagerStats stats;
    private final Upgrades upgrades;
    private final RouteTableSource routes;
    private final RequestPreparation preparation;
    private final @Nullable HeadLimit headLimit;
    private final LocalReplies localReplies;
    private final List<AccessLogger> accessLogs;
    private final byte[] serverName;

    /** @param upgradeFilters by type of upgrade, for those types that have their own */
    public ConnectionManager(
            HttpConnectionManager config,
            FilterChainContext context,
            ConnectionManagerStats stats,
            HttpFilterChain filters,
            Map<String, HttpFilterChain> upgradeFilters,
            List<AccessLogger> accessLogs,
            RouteTableSource routes) {
        this.config = config;
        this.context = context;
        this.stats = stats;
        this.upgrades = new Upgrades(config.upgrades(), upgradeFilters, filters, stats);
        this.routes = routes;
        this.preparation = new RequestPreparation(config, routes, stats);
        this.headLimit = HeadLimit.of(config.timeouts(), stats);
        this.localReplies = LocalReplies.of(config.localReply(), context.proxy().accessLogging());
        this.accessLogs = List.copyOf(accessLogs);
        this.serverName = config.serverName().getBytes(StandardCharsets.ISO_8859_1);
    }

    public HttpConnectionManager config() {
        return config;
    }

    public ConnectionManagerStats stats() {
        return stats;
    }

    @Override
    public LoopFilter onLoop(Loop loop) {
        ProxyContext proxy = context.proxy();
        return new ConnectionManagerLane(this, loop, proxy.clustersOf(loop), proxy.system(), context.bufferLimit());
    }

    /** What the rest of a head is waited for. */
    @Nullable
    HeadLimit headLimit() {
        return headLimit;
    }

    /** Checks the head and makes it fit for filters and upstream; the reply if the request is refused. */
    @Nullable
    LocalReply admit(Exchange exchange, RequestHead head) {
        return preparation.prepare(exchange, head);
    }

    Upgrades upgrades() {
        return upgrades;
    }

    HttpFilter[] makeFilters(Exchange exchange) {
        List<HttpFilter.Maker> filters = upgrades.filtersFor(exchange).makers(exchange.route());
        HttpFilter[] made = new HttpFilter[filters.size()];
        int i = 0;
        try {
            for (; i < made.length; i++) {
                made[i] = filters.get(i).make(exchange);
            }
        } catch (RuntimeException fault) {
            while (--i >= 0) {
                made[i].onEnd();
            }
            throw fault;
        }
        return made;
    }

    /** Where the filter stands in the chain of its exchange. */
    static int position(HttpFilter[] chain, HttpFilter filter) {
        for (int i = 0; i < chain.length; i++) {
            if (chain[i] == filter) {
                return i;
            }
        }
        throw new IllegalArgumentException("not a filter of this exchange: " + filter);
    }

    @Nullable
    RouteResult route(RequestHead head, long random) {
        return routes.table(head).route(head, random);
    }

    RouteTable routeTable(RequestHead head) {
        return routes.table(head);
    }

    /** The stream idle timeout of the exchange: its route's, or the connection manager's. */
    long idleNanos(Exchange exchange, long defaultNanos) {
        return exchange.route() instanceof Forward forward
                        && forward.action().idleTimeout().isPresent()
                ? forward.action().idleTimeout().get().toNanos()
                : defaultNanos;
    }

    // ---- responses ------------------------------------------------------------------------------------------------

    void prepareInformational(ResponseHead head) {
        dropHopByHop(head.headers());
    }

    void prepareResponse(Exchange exchange, ResponseHead head) {
        Headers headers = head.headers();
        if (head.status() != 101) {
            dropHopByHop(headers);
        }
        RouteResult route = exchange.route();
        if (route != null && !exchange.answered()) {
            route.finalizeResponse(headers, exchange);
        }
        if (!headers.contains(HeaderName.DATE)) {
            headers.add(HeaderName.DATE, exchange.lane().date());
        }
        if (config.serverHeader() == ServerHeader.OVERWRITE
                || (config.serverHeader() == ServerHeader.APPEND_IF_ABSENT && !headers.contains(HeaderName.SERVER))) {
            headers.set(HeaderName.SERVER, serverName);
        }
        if (!config.via().isEmpty()) {
            String via = HeaderLines.join(headers, HeaderName.VIA);
            headers.set(HeaderName.VIA, via == null ? config.via() : via + ", " + config.via());
        }
        if (config.requestId().alwaysSetInResponse()
                || exchange.request().headers().contains(HeaderName.X_ENVOY_FORCE_TRACE)) {
            String id = exchange.request().headers().get(HeaderName.X_REQUEST_ID);
            if (id != null) {
                headers.set(HeaderName.X_REQUEST_ID, id);
            }
        }
    }

    private static void dropHopByHop(Headers headers) {
        headers.remove(HeaderName.CONNECTION);
        headers.remove(HeaderName.KEEP_ALIVE);
        headers.remove(HeaderName.PROXY_CONNECTION);
        headers.remove(HeaderName.UPGRADE);
    }

    /** In Envoy's order: the route's headers, then what the configuration of local replies makes of it all. */
    void writeLocalReply(Exchange exchange, LocalReply reply) {
        Headers headers = reply.headers() == null ? new Headers() : reply.headers();
        RouteResult route = exchange.route();
        if (route != null) {
            route.finalizeResponse(headers, exchange);
        }
        String typeBefore = headers.get(HeaderName.CONTENT_TYPE);
        LocalReplies.Rendered rendered =
                localReplies.render(exchange.info(), exchange.request(), reply.status(), reply.body(), headers);
        exchange.info().localReplyBody = "";
        if (exchange.grpc()) {
            exchange.answer(GrpcReply.of(reply, rendered, headers, exchange.request()), null);
            return;
        }
        byte[] body = rendered.body();
        int status = rendered.status();
        if (body.length > 0) {
            headers.set(HeaderName.CONTENT_LENGTH, body.length);
        }
        String type = headers.get(HeaderName.CONTENT_TYPE);
        if (body.length == 0) {
            headers.remove(HeaderName.CONTENT_LENGTH);
            headers.remove(HeaderName.CONTENT_TYPE);
        } else if (type == null || (rendered.rewritten() && type.equals(typeBefore))) {
            headers.set(HeaderName.CONTENT_TYPE, rendered.contentType());
        }
        boolean end = body.length == 0 || exchange.request().isHead();
        ByteBuf bytes = end ? null : Unpooled.wrappedBuffer(body);
        exchange.answer(new ResponseHead(status, Protocol.HTTP_1_1, headers, body.length, end), bytes);
    }

    // ---- the end of an exchange -----------------------------------------------------------------------------------

    void onEnded(Exchange exchange) {
        StatsStripe stripe = exchange.loop().stats();
        stats.rqActive.add(stripe, -1);
        if (exchange.upgraded()) {
            stats.cxUpgradesActive.dec(stripe);
        }
        int status = exchange.info().responseCode;
        if (status > 0) {
            stats.completed(stripe, status);
        }
        if (!accessLogs.isEmpty()) {
            logAccess(exchange);
        }
        stats.rqTime.record(
                stripe, TimeUnit.NANOSECONDS.toMillis(exchange.info().endNanos - exchange.info().startNanos));
    }

    private void logAccess(Exchange exchange) {
        StreamInfo info = exchange.info();
        ResponseHead response = exchange.response();
        info.requestHeadersBytes = exchange.request().byteSize();
        info.responseHeadersBytes = response == null ? 0 : response.byteSize();
        info.accessLogType = "DownstreamEnd";
        HeaderView responseHeaders = response == null ? HeaderView.NONE : response.headers();
        info.responseHeaders = responseHeaders;
        for (AccessLogger logger : accessLogs) {
            logger.log(
                    info,
                    exchange.request(),
                    responseHeaders,
                    exchange.loop(),
                    exchange.lane().logScratch());
        }
    }

    void onEndFailed(Exchange exchange, RuntimeException fault) {
        stats.exchangeFailures.inc(exchange.loop().stats());
        log.error("{}: exception in a filter's end", exchange, fault);
    }
}
