package dev.starling.config.bootstrap;

import dev.starling.config.Address;
import dev.starling.config.accesslog.AccessLog;
import java.util.List;

/** {@code envoy.config.bootstrap.v3.Admin}. Its {@code allow_paths} came after the version of the API we are built with. */
public record Admin(Address.Socket address, List<AccessLog> accessLogs) {

    public Admin {
        accessLogs = List.copyOf(accessLogs);
    }
}
