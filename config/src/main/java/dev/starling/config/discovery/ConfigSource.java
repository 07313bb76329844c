package dev.starling.config.discovery;

import java.time.Duration;
import java.util.Optional;

/** {@code envoy.config.core.v3.ConfigSource}, validated. Equal sources share a stream. */
public sealed interface ConfigSource {

    /** How long a first answer is waited for; zero for ever. */
    Duration initialFetchTimeout();

    /** The one aggregated stream of the bootstrap. */
    record Ads(Duration initialFetchTimeout) implements ConfigSource {}

    /** A stream of its own for each type. */
    record Grpc(ApiConfigSource api, Duration initialFetchTimeout) implements ConfigSource {}

    /** Asked again and again, for each resource. */
    record Rest(RestApi api, Duration initialFetchTimeout) implements ConfigSource {}

    /**
     * A file with a response of the state of the world.
     *
     * @param watchedDirectory the folder into which something is moved when the file has changed; by default its own
     */
    record File(String path, Optional<String> watchedDirectory, Duration initialFetchTimeout) implements ConfigSource {}
}
