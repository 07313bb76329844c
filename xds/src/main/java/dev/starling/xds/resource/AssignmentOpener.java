package dev.starling.xds.resource;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.EncodedMessage;
import dev.starling.config.proto.LoadedResource;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.endpoint.AssignmentChange;
import dev.starling.config.proto.endpoint.KnownAssignment;
import dev.starling.xds.resource.ResourceType.Opened;
import dev.starling.xds.resource.ResourceType.Reading;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Takes load assignments off the wire, of which only what differs from the one that is held is looked at, if that suffices.
 *
 * @param leastBytes of an assignment that is compared: a small one is sooner read
 */
record AssignmentOpener(
        ConfigLoader loader, UnknownFields unknownFields, Consumer<LoadedResource<?>> remarks, int leastBytes)
        implements ResourceType.Opener<LoadAssignment> {

    /** Some 200 endpoints. */
    static final int WORTH_COMPARING_BYTES = 8 * 1024;

    @Override
    public Opened<LoadAssignment> open(ByteString bytes, Function<String, Optional<Held<LoadAssignment>>> held)
            throws InvalidProtocolBufferException {
        if (bytes.size() < leastBytes) {
            return whole(bytes);
        }
        var change = AssignmentChange.of(
                bytes,
                name -> held.apply(ResourceName.canonical(name))
                        .filter(Held::plain)
                        .map(before -> new KnownAssignment(before.message().getValue(), before.resource())));
        return change.isPresent() ? new Opened<>(change.get().name(), () -> read(change.get(), bytes)) : whole(bytes);
    }

    private Opened<LoadAssignment> whole(ByteString bytes) throws InvalidProtocolBufferException {
        var message = EncodedMessage.parse(ClusterLoadAssignment.getDefaultInstance(), bytes);
        return new Opened<>(message.message().getClusterName(), () -> {
            var loaded = loader.readLoadAssignment(message, unknownFields);
            remarks.accept(loaded);
            return new Reading<>(loaded.resource(), loaded.isPlain());
        });
    }

    private Reading<LoadAssignment> read(AssignmentChange change, ByteString bytes) throws InvalidConfigException {
        var assignment = loader.readChanges(change, unknownFields);
        if (assignment.isPresent()) {
            return new Reading<>(assignment.get(), true);
        }
        try {
            return whole(bytes).read();
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalStateException("its parts can be read, but not the whole", broken);
        }
    }
}
