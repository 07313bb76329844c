package dev.starling.config.accesslog;

import dev.starling.config.ByteCount;
import dev.starling.config.discovery.GrpcService;
import java.time.Duration;
import java.util.List;

/**
 * A gRPC service that access log entries are streamed to. Logs of which this is equal share their streams.
 *
 * @param logName what the service is told that the entries are of
 * @param flushInterval the longest that an entry waits to be sent
 * @param bufferSize entries of so many bytes are sent at once, and no more are held while they cannot be
 * @param filterStateObjects names of what filters keep, to be told of where it is kept
 */
public record LogService(
        Entries entries,
        String logName,
        GrpcService service,
        Duration flushInterval,
        ByteCount bufferSize,
        List<String> filterStateObjects,
        List<CustomTag> customTags) {

    public LogService {
        filterStateObjects = List.copyOf(filterStateObjects);
        customTags = List.copyOf(customTags);
    }

    /** What entries are written as, whatever they are of. */
    public enum Entries {
        HTTP,
        TCP
    }
}
