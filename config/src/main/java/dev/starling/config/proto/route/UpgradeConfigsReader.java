package dev.starling.config.proto.route;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.ProxyHeaderVersionReader;
import dev.starling.config.route.UpgradeConfig;
import dev.starling.config.route.UpgradeConfig.ConnectConfig;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the {@code upgrade_configs} of a route. */
final class UpgradeConfigsReader {

    private UpgradeConfigsReader() {}

    static List<UpgradeConfig> read(List<RouteAction.UpgradeConfig> messages, ValidationContext context) {
        var upgrades = new ArrayList<UpgradeConfig>(messages.size());
        var seen = new HashSet<String>();
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            var at = context.field("upgrade_configs", i);
            String type = message.getUpgradeType().toLowerCase(Locale.ROOT);
            if (!seen.add(type)) {
                at.field("upgrade_type").problem("Duplicate upgrade " + message.getUpgradeType());
            }
            if (message.hasConnectConfig() && !type.equals(UpgradeConfig.CONNECT)) {
                at.field("connect_config")
                        .problem("Non-CONNECT upgrade type " + message.getUpgradeType() + " has ConnectConfig");
            }
            upgrades.add(new UpgradeConfig(
                    type,
                    !message.hasEnabled() || message.getEnabled().getValue(),
                    message.hasConnectConfig()
                            ? Optional.of(connect(message.getConnectConfig(), at.field("connect_config")))
                            : Optional.empty()));
        }
        return upgrades;
    }

    private static ConnectConfig connect(RouteAction.UpgradeConfig.ConnectConfig message, ValidationContext context) {
        return new ConnectConfig(
                message.getAllowPost(),
                message.hasProxyProtocolConfig()
                        ? Optional.of(ProxyHeaderVersionReader.read(
                                message.getProxyProtocolConfig(), context.field("proxy_protocol_config")))
                        : Optional.empty());
    }
}
