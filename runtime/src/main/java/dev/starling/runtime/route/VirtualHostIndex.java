package dev.starling.runtime.route;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the virtual host of an authority: exact, then the longest suffix wildcard, then the longest prefix wildcard, then
 * {@code *}. No lookup depends on how many virtual hosts there are, and one that hits exactly allocates nothing.
 */
final class VirtualHostIndex<T> {

    private final boolean ignorePort;
    private final Map<String, T> exact = new HashMap<>();
    private final WildcardTable<T> suffixes;
    private final WildcardTable<T> prefixes;
    private final @Nullable T catchAll;
    private final boolean onlyCatchAll;

    /** @param domains of one virtual host, lower case; no domain twice */
    VirtualHostIndex(List<T> virtualHosts, Function<T, List<String>> domains, boolean ignorePort) {
        this.ignorePort = ignorePort;
        Map<String, T> endings = new HashMap<>();
        Map<String, T> beginnings = new HashMap<>();
        T all = null;
        for (T virtualHost : virtualHosts) {
            for (String domain : domains.apply(virtualHost)) {
                if (domain.equals("*")) {
                    all = virtualHost;
                } else if (domain.startsWith("*")) {
                    endings.put(domain.substring(1), virtualHost);
                } else if (domain.endsWith("*")) {
                    beginnings.put(domain.substring(0, domain.length() - 1), virtualHost);
                } else {
                    exact.put(domain, virtualHost);
                }
            }
        }
        this.suffixes = new WildcardTable<>(endings, true);
        this.prefixes = new WildcardTable<>(beginnings, false);
        this.catchAll = all;
        this.onlyCatchAll = exact.isEmpty() && endings.isEmpty() && beginnings.isEmpty();
    }

    @Nullable
    T find(String authority) {
        if (onlyCatchAll) {
            return catchAll;
        }
        String host = ignorePort ? withoutPort(authority) : authority;
        T found = exact.get(host);
        if (found == null) {
            String lower = lowerCase(host);
            if (!lower.equals(host)) {
                found = exact.get(lower);
            }
            if (found == null) {
                found = suffixes.find(lower);
            }
            if (found == null) {
                found = prefixes.find(lower);
            }
        }
        return found == null ? catchAll : found;
    }

    private static String withoutPort(String authority) {
        int colon = AuthorityRules.portStart(authority);
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    /** The same string if there is nothing to change. */
    private static String lowerCase(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return host.toLowerCase(Locale.ROOT);
            }
        }
        return host;
    }
}
