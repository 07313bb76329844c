package dev.starling.config.proto.route;

import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Finds domains that more than one virtual host, or one twice, claims. */
final class DomainChecker {

    private DomainChecker() {}

    static void check(RouteConfiguration message, ValidationContext context) {
        var seen = new HashSet<String>();
        for (int i = 0; i < message.getVirtualHostsCount(); i++) {
            check(message.getVirtualHosts(i), seen, message.getName(), context.field("virtual_hosts", i));
        }
    }

    /** A single virtual host. */
    static void check(VirtualHost message, ValidationContext context) {
        check(message, new HashSet<>(), message.getName(), context);
    }

    private static void check(VirtualHost message, Set<String> seen, String routes, ValidationContext context) {
        for (int i = 0; i < message.getDomainsCount(); i++) {
            String domain = message.getDomains(i).toLowerCase(Locale.ROOT);
            if (!seen.add(domain)) {
                context.field("domains", i).problem(duplicate(domain) + " in route " + routes);
            }
        }
    }

    private static String duplicate(String domain) {
        return domain.equals("*")
                ? "Only a single wildcard domain is permitted"
                : "Only unique values for domains are permitted. Duplicate entry of domain " + domain;
    }
}
