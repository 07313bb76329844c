package dev.starling.config.proto.route;

import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.HashSet;
import java.util.Locale;

/** Finds domains that more than one virtual host, or one twice, claims. */
final class DomainChecker {

    private DomainChecker() {}

    static void check(RouteConfiguration message, ValidationContext context) {
        var seen = new HashSet<String>();
        for (int i = 0; i < message.getVirtualHostsCount(); i++) {
            var domains = message.getVirtualHosts(i).getDomainsList();
            for (int j = 0; j < domains.size(); j++) {
                String domain = domains.get(j).toLowerCase(Locale.ROOT);
                if (!seen.add(domain)) {
                    context.field("virtual_hosts", i)
                            .field("domains", j)
                            .problem(duplicate(domain) + " in route " + message.getName());
                }
            }
        }
    }

    private static String duplicate(String domain) {
        return domain.equals("*")
                ? "Only a single wildcard domain is permitted"
                : "Only unique values for domains are permitted. Duplicate entry of domain " + domain;
    }
}
