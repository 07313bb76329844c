package dev.starling.runtime.control.route;

import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.VirtualHost;
import dev.starling.runtime.control.discovery.Resources;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.xds.Discovery.Watching;
import dev.starling.xds.protocol.Change;
import dev.starling.xds.resource.Held;
import dev.starling.xds.subscription.Watch.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The virtual hosts of one route configuration that come one by one, and those that requests have asked for. Confined to the
 * actor of the configuration.
 */
final class DiscoveredHosts {

    private static final Logger log = LoggerFactory.getLogger(DiscoveredHosts.class);

    /** Hosts are named by clients: more than this are not asked for, and are not found. */
    private static final int MAX_ASKED = 10_000;

    /** So many requests wait for one host; more are answered without. */
    private static final int MAX_WAITING = 10_000;

    private final String routes;
    private final ConfigSource source;
    private final Resources resources;
    private final StatsScope scope;
    private final BiConsumer<String, Update<VirtualHost>> toldOfHost;
    private final Watching watching;
    private final SortedMap<String, Held<VirtualHost>> hosts = new TreeMap<>();
    private final Map<String, Asked> asked = new HashMap<>();
    private boolean answered;

    /** @param waiting to be run when there is an answer; empty once there was one */
    private record Asked(Watching watching, List<Runnable> waiting) {}

    /**
     * @param told of all hosts of the source
     * @param toldOfHost of one that was asked for, by its host
     */
    DiscoveredHosts(
            String routes,
            ConfigSource source,
            Resources resources,
            StatsScope scope,
            Consumer<Update<VirtualHost>> told,
            BiConsumer<String, Update<VirtualHost>> toldOfHost) {
        this.routes = routes;
        this.source = source;
        this.resources = resources;
        this.scope = scope;
        this.toldOfHost = toldOfHost;
        this.watching = resources.virtualHosts(source, scope, told);
    }

    ConfigSource source() {
        return source;
    }

    /** Whether the first word has come, or will not in time. */
    boolean answered() {
        return answered;
    }

    /** Whether any of it concerns this configuration. */
    boolean tell(Update<VirtualHost> update) {
        answered = true;
        if (!(update instanceof Update.Answered<VirtualHost>(Change<VirtualHost> change))) {
            log.warn("no virtual hosts of {} have come in time", routes);
            return false;
        }
        boolean changed = false;
        for (Held<VirtualHost> host : change.updated()) {
            if (isOurs(host.name())) {
                hosts.put(host.name(), host);
                changed = true;
            }
        }
        for (String name : change.removed()) {
            changed |= hosts.remove(name) != null;
        }
        return changed;
    }

    /** Envoy: what stands before the last slash names the route configuration. */
    private boolean isOurs(String name) {
        int slash = name.lastIndexOf('/');
        return slash >= 0 && name.substring(0, slash).equals(routes);
    }

    /** The configuration with these hosts beside its own. A domain that is taken already is not taken again. */
    RouteConfiguration over(RouteConfiguration config) {
        Set<String> domains = new HashSet<>();
        config.virtualHosts().forEach(host -> domains.addAll(host.domains()));
        List<VirtualHost> all = new ArrayList<>(config.virtualHosts());
        long hash = config.contentHash();
        for (Held<VirtualHost> held : hosts.values()) {
            VirtualHost host = held.resource();
            if (host.domains().stream().allMatch(domain -> !domains.contains(domain))) {
                domains.addAll(host.domains());
                all.add(host);
                hash = hash * 31 + held.hash();
            } else {
                log.error("virtual host {} has a domain that another one has", held.name());
            }
        }
        return config.with(all, hash);
    }

    // ---- what requests ask for ------------------------------------------------------------------------------------

    void ask(String host, Runnable done) {
        Asked known = asked.get(host);
        if (known == null && asked.size() >= MAX_ASKED) {
            done.run();
        } else if (known == null) {
            List<Runnable> waiting = new ArrayList<>(List.of(done));
            asked.put(
                    host,
                    new Asked(
                            resources.virtualHost(
                                    routes + "/" + host, source, scope, update -> toldOfHost.accept(host, update)),
                            waiting));
        } else if (known.waiting().isEmpty() || known.waiting().size() >= MAX_WAITING) {
            done.run();
        } else {
            known.waiting().add(done);
        }
    }

    /** What is not there may be asked for again. */
    void tell(String host, Update<VirtualHost> update) {
        Asked told = asked.get(host);
        if (told == null) {
            return;
        }
        boolean there = update instanceof Update.Answered<VirtualHost>(var change)
                && !change.updated().isEmpty();
        List<Runnable> waiting = List.copyOf(told.waiting());
        told.waiting().clear();
        if (!there) {
            asked.remove(host);
            told.watching().end();
        }
        waiting.forEach(Runnable::run);
    }

    /** Nobody reads the configuration any more. */
    void end() {
        watching.end();
        asked.values().forEach(each -> {
            each.watching().end();
            each.waiting().forEach(Runnable::run);
        });
        asked.clear();
        scope.remove();
    }
}
