package dev.starling.xds.protocol;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.starling.xds.resource.ResourceName;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One resource of a response, whatever it was wrapped in.
 *
 * @param name canonical; empty if only the message has it
 * @param message absent: nothing but a sign of life, or an alias that leads nowhere
 */
record Delivery(
        String name, String version, List<String> aliases, Optional<Any> message, Optional<Duration> timeToLive) {

    private static final String WRAPPER =
            "type.googleapis.com/" + Resource.getDescriptor().getFullName();

    /** Ten years: for ever, but still a time that can be added to another. */
    private static final long MAX_SECONDS = 315_360_000;

    static Delivery of(Resource wrapped) {
        return new Delivery(
                ResourceName.canonical(wrapped.getName()),
                wrapped.getVersion(),
                aliases(wrapped),
                wrapped.hasResource() ? Optional.of(wrapped.getResource()) : Optional.empty(),
                wrapped.hasTtl() ? Optional.of(timeToLive(wrapped.getTtl())) : Optional.empty());
    }

    private static List<String> aliases(Resource wrapped) {
        return wrapped.getAliasesCount() == 0
                ? List.of()
                : wrapped.getAliasesList().stream().map(ResourceName::canonical).toList();
    }

    private static Duration timeToLive(com.google.protobuf.Duration time) {
        return Duration.ofSeconds(Math.clamp(time.getSeconds(), 0, MAX_SECONDS))
                .plusNanos(Math.max(0, time.getNanos()));
    }

    /** In the state of the world the version is the response's, and only what has a time to live must be wrapped. */
    static Delivery of(Any any, String version) throws InvalidProtocolBufferException {
        if (!any.getTypeUrl().equals(WRAPPER)) {
            return new Delivery("", version, List.of(), Optional.of(any), Optional.empty());
        }
        Delivery wrapped = of(Resource.parseFrom(any.getValue()));
        return new Delivery(wrapped.name, version, wrapped.aliases, wrapped.message, wrapped.timeToLive);
    }
}
