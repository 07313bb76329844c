package dev.starling.config.route;

import dev.starling.config.listener.filter.ProxyProtocol.Version;
import java.util.Optional;

/**
 * One {@code upgrade_type} of a route, lower case, and whether it is on.
 *
 * @param connect present: such a request ends here, and its bytes go on by TCP; only for {@code connect}
 */
public record UpgradeConfig(String type, boolean enabled, Optional<ConnectConfig> connect) {

    /** The type that stands for the method CONNECT. */
    public static final String CONNECT = "connect";

    public UpgradeConfig(String type, boolean enabled) {
        this(type, enabled, Optional.empty());
    }

    /**
     * @param allowPost the bodies of POST requests go on by TCP too
     * @param proxyHeader present: the endpoint is first told in this form who the client is
     */
    public record ConnectConfig(boolean allowPost, Optional<Version> proxyHeader) {}
}
