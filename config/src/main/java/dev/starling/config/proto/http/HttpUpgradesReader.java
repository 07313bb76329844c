package dev.starling.config.proto.http;

import dev.starling.config.http.HttpFilterEntry;
import dev.starling.config.http.HttpUpgrade;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/** Reads the {@code upgrade_configs} of a connection manager. */
final class HttpUpgradesReader {

    private HttpUpgradesReader() {}

    static List<HttpUpgrade> read(List<UpgradeConfig> messages, ValidationContext context) {
        var upgrades = new ArrayList<HttpUpgrade>(messages.size());
        var seen = new HashSet<String>();
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            var at = context.field("upgrade_configs", i);
            String type = message.getUpgradeType().toLowerCase(Locale.ROOT);
            if (!seen.add(type)) {
                at.field("upgrade_type")
                        .problem("Error: multiple upgrade configs with the same name: '" + message.getUpgradeType()
                                + "'");
            }
            List<HttpFilterEntry> filters = message.getFiltersCount() == 0
                    ? List.of()
                    : HttpFiltersReader.read(message.getFiltersList(), at, "filters");
            upgrades.add(new HttpUpgrade(
                    type, !message.hasEnabled() || message.getEnabled().getValue(), filters));
        }
        return upgrades;
    }
}
