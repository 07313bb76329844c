package dev.starling.config.bootstrap;

import dev.starling.config.Address;
import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.matcher.StringMatcher;
import java.util.List;

/**
 * {@code envoy.config.bootstrap.v3.Admin}.
 *
 * @param allowPaths empty: all paths; otherwise others are answered 403
 */
public record Admin(Address.Socket address, List<AccessLog> accessLogs, List<StringMatcher> allowPaths) {

    public Admin {
        accessLogs = List.copyOf(accessLogs);
        allowPaths = List.copyOf(allowPaths);
    }
}
