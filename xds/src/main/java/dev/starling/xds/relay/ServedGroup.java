package dev.starling.xds.relay;

import dev.starling.config.http.RelayGroup;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a group of clients is served, chosen once a change and not once a client. Any thread. */
final class ServedGroup {

    /** @param version of all there is */
    private record Share(String version, ServedType served) {}

    private final RelayGroup config;
    private final Map<String, Share> shares = new ConcurrentHashMap<>();

    ServedGroup(RelayGroup config) {
        this.config = config;
    }

    RelayGroup config() {
        return config;
    }

    /** @param all there is of the type, of which nothing is told as long as it is not known */
    ServedType share(String typeUrl, ServedType all) {
        if (!all.known() || config.resources().isEmpty()) {
            return all;
        }
        Share share = shares.get(typeUrl);
        if (share == null || !share.version().equals(all.version())) {
            share = new Share(all.version(), all.only(name -> config.selects(typeUrl, name)));
            shares.put(typeUrl, share);
        }
        return share.served();
    }
}
