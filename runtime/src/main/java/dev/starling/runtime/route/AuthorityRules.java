package dev.starling.runtime.route;

import dev.starling.config.http.PathHandling;
import dev.starling.config.http.PathHandling.StripPort;

/** What the connection manager does to the authority before routing: a trailing dot of the host, then the port. */
public final class AuthorityRules {

    private final boolean stripTrailingDot;
    private final StripPort stripPort;

    public AuthorityRules(PathHandling handling) {
        this.stripTrailingDot = handling.stripTrailingHostDot();
        this.stripPort = handling.stripPort();
    }

    /**
     * The authority to route by; the same string if there is nothing to change.
     *
     * @param listenerPort the local port of the connection
     */
    public String apply(String authority, int listenerPort) {
        String host = stripTrailingDot ? withoutTrailingDot(authority) : authority;
        return switch (stripPort) {
            case NONE -> host;
            case MATCHING -> withoutPort(host, listenerPort);
            case ANY -> withoutPort(host, -1);
        };
    }

    private static String withoutTrailingDot(String authority) {
        int dot = authority.lastIndexOf('.');
        if (dot < 0) {
            return authority;
        }
        if (dot == authority.length() - 1) {
            return authority.substring(0, dot);
        }
        // a dot never stands directly before the colon of an IPv6 address, so this colon starts a port
        return authority.charAt(dot + 1) == ':'
                ? authority.substring(0, dot) + authority.substring(dot + 1)
                : authority;
    }

    /** @param onlyPort the port to strip, or -1 for any */
    private static String withoutPort(String authority, int onlyPort) {
        int colon = portStart(authority);
        if (colon < 0) {
            return authority;
        }
        long port = parsePort(authority, colon + 1);
        return port < 0 || (onlyPort >= 0 && port != onlyPort) ? authority : authority.substring(0, colon);
    }

    /** Without the port and the brackets of an IPv6 address. */
    public static String host(String authority) {
        int colon = portStart(authority);
        String host = colon < 0 ? authority : authority.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** Where the colon before the port stands, or -1. */
    static int portStart(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon >= 0 && authority.lastIndexOf(']') < colon ? colon : -1;
    }

    /** The port as Envoy reads it, an unsigned 32-bit number, or -1. */
    private static long parsePort(String authority, int start) {
        long port = -1;
        for (int i = start; i < authority.length(); i++) {
            char c = authority.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            port = Math.max(port, 0) * 10 + c - '0';
            if (port > 0xffff_ffffL) {
                return -1;
            }
        }
        return port;
    }
}
