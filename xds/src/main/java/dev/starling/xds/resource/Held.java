package dev.starling.xds.resource;

import com.google.protobuf.Any;
import java.time.Instant;
import java.util.List;

/**
 * A resource that was accepted.
 *
 * @param version of the resource in delta, of the response in the state of the world
 * @param aliases other names it was asked for by
 * @param message as received, to be shown and served on
 * @param hash of the message's bytes
 * @param updatedAt when this content came
 * @param plain there was nothing to remark when it was read, so what comes again of it need not be read again
 */
public record Held<R>(
        String name,
        String version,
        List<String> aliases,
        Any message,
        R resource,
        long hash,
        Instant updatedAt,
        boolean plain) {

    public Held {
        aliases = List.copyOf(aliases);
    }

    /** The same content under the version the server gives it now. */
    public Held<R> withVersion(String newer) {
        return newer.equals(version)
                ? this
                : new Held<>(name, newer, aliases, message, resource, hash, updatedAt, plain);
    }
}
