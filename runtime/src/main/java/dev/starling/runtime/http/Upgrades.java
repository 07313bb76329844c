package dev.starling.runtime.http;

import dev.starling.config.http.HttpUpgrade;
import dev.starling.config.route.UpgradeConfig;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.route.Forward;
import dev.starling.runtime.route.RouteResult;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which requests may make a tunnel of their stream, and the filters that those pass (docs/decisions/0014-upgrades.md). The
 * route's word counts before the connection manager's. Immutable.
 */
final class Upgrades {

    private final ConnectionManagerStats stats;
    private final Map<String, Boolean> enabled = new HashMap<>();
    private final Map<String, HttpFilterChain> filters;
    private final HttpFilterChain usualFilters;

    /**
     * @param filters by type, for those types that have their own
     * @param usualFilters of all other requests
     */
    Upgrades(
            List<HttpUpgrade> config,
            Map<String, HttpFilterChain> filters,
            HttpFilterChain usualFilters,
            ConnectionManagerStats stats) {
        this.stats = stats;
        this.filters = Map.copyOf(filters);
        this.usualFilters = usualFilters;
        config.forEach(upgrade -> enabled.put(upgrade.type(), upgrade.enabled()));
    }

    /** The reply to a request that may not; without a route it is told so by the router. */
    @Nullable
    LocalReply admit(Exchange exchange, RequestHead head) {
        RouteResult route = exchange.route();
        if (allowed(route, type(head))) {
            stats.cxUpgradesTotal.inc(exchange.loop().stats());
            stats.cxUpgradesActive.inc(exchange.loop().stats());
            exchange.upgrade();
            return null;
        }
        if (route == null) {
            return null;
        }
        stats.rqWsOnNonWsRoute.inc(exchange.loop().stats());
        exchange.connectionClosesAfterResponse();
        return LocalReply.of(403, "", null, "upgrade_failed");
    }

    private static String type(RequestHead head) {
        return head.upgrade().isEmpty() ? head.method().toLowerCase(Locale.ROOT) : head.upgrade();
    }

    private boolean allowed(@Nullable RouteResult route, String type) {
        if (route instanceof Forward forward) {
            for (UpgradeConfig ofRoute : forward.action().upgrades()) {
                if (ofRoute.type().equals(type)) {
                    return ofRoute.enabled();
                }
            }
        }
        return enabled.getOrDefault(type, false);
    }

    HttpFilterChain filtersFor(Exchange exchange) {
        return exchange.upgraded() ? filters.getOrDefault(type(exchange.request()), usualFilters) : usualFilters;
    }
}
