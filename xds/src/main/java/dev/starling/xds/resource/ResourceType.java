package dev.starling.xds.resource;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.proto.EncodedMessage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * One kind of resource: how it is asked for, and how it becomes a record.
 *
 * @param <R> the record
 */
public final class ResourceType<R> {

    private static final String PREFIX = "type.googleapis.com/";

    private final String typeUrl;
    private final Scope scope;
    private final Methods methods;
    private final String refusal;
    private final Opener<R> opener;
    private final Function<R, List<Reference>> references;
    private final Optional<Coherence<R>> coherence;

    /** Which resources of a type there are to ask for. */
    public enum Scope {
        /** All of them may be asked for at once, and a state-of-the-world response without one removes it. */
        WHOLE,
        /** By name only, and what a state-of-the-world response leaves out stays as it is. */
        NAMED
    }

    /**
     * The gRPC methods of the type's own service, such as
     * {@code envoy.service.cluster.v3.ClusterDiscoveryService/StreamClusters}.
     */
    public record Methods(String stateOfTheWorld, String delta) {

        /** @param service such as {@code cluster.v3.ClusterDiscoveryService} */
        static Methods of(String service, String plural) {
            String path = "envoy.service." + service;
            return new Methods(path + "/Stream" + plural, path + "/Delta" + plural);
        }

        /** Where the same is asked for over HTTP, such as {@code /v3/discovery:clusters}. */
        public String rest() {
            String plural = stateOfTheWorld.substring(stateOfTheWorld.lastIndexOf("/Stream") + "/Stream".length());
            String between = plural.equals("ExtensionConfigs") ? "_" : "-"; // as Envoy's services are annotated
            return "/v3/discovery:"
                    + plural.replaceAll("(?<=[a-z])(?=[A-Z])", between).toLowerCase(Locale.ROOT);
        }
    }

    /** A message of the type that was taken off the wire, but not judged. */
    public record Opened<R>(String name, Content<R> content) {

        /** @throws InvalidConfigException with what is wrong; never tells secrets */
        public Reading<R> read() throws InvalidConfigException {
            return content.read();
        }
    }

    /** Judges and translates what was opened. */
    @FunctionalInterface
    public interface Content<R> {
        Reading<R> read() throws InvalidConfigException;
    }

    /**
     * What has become of a message.
     *
     * @param plain as {@link Held#plain}
     */
    public record Reading<R>(R resource, boolean plain) {}

    /** Takes a message off the wire. */
    public interface Opener<R> {

        /** @param held what is held of the type, by name */
        Opened<R> open(ByteString bytes, Function<String, Optional<Held<R>>> held)
                throws InvalidProtocolBufferException;
    }

    /** Judges and translates a message. */
    public interface Reader<M extends Message, R> {
        R read(EncodedMessage<M> message) throws InvalidConfigException;
    }

    private ResourceType(
            String typeUrl,
            Scope scope,
            Methods methods,
            String refusal,
            Opener<R> opener,
            Function<R, List<Reference>> references,
            Optional<Coherence<R>> coherence) {
        this.typeUrl = typeUrl;
        this.scope = scope;
        this.methods = methods;
        this.refusal = refusal;
        this.opener = opener;
        this.references = references;
        this.coherence = coherence;
    }

    /** The same, whose resources are also judged by what they are to one another. */
    ResourceType<R> with(Coherence<R> judging) {
        return new ResourceType<>(typeUrl, scope, methods, refusal, opener, references, Optional.of(judging));
    }

    /**
     * @param empty the default instance of the message
     * @param refusal what a NACK begins with
     * @param name empty where a resource has none inside
     * @param references what a resource of the type makes wanted on the same stream
     */
    public static <M extends Message, R> ResourceType<R> of(
            M empty,
            Scope scope,
            Methods methods,
            String refusal,
            Function<M, String> name,
            Reader<M, R> reader,
            Function<R, List<Reference>> references) {
        Opener<R> opener = (bytes, _) -> {
            EncodedMessage<M> message = EncodedMessage.parse(empty, bytes);
            return new Opened<>(name.apply(message.message()), () -> new Reading<>(reader.read(message), false));
        };
        return of(empty, scope, methods, refusal, opener, references);
    }

    /** The same of one that is taken off the wire in a way of its own. */
    static <R> ResourceType<R> of(
            Message empty,
            Scope scope,
            Methods methods,
            String refusal,
            Opener<R> opener,
            Function<R, List<Reference>> references) {
        return new ResourceType<>(
                PREFIX + empty.getDescriptorForType().getFullName(),
                scope,
                methods,
                refusal,
                opener,
                references,
                Optional.empty());
    }

    public String typeUrl() {
        return typeUrl;
    }

    public Scope scope() {
        return scope;
    }

    public Methods methods() {
        return methods;
    }

    public String refusal() {
        return refusal;
    }

    /** Absent: what is valid by itself is so among others. */
    public Optional<Coherence<R>> coherence() {
        return coherence;
    }

    public List<Reference> references(R resource) {
        return references.apply(resource);
    }

    /**
     * Takes a resource off the wire.
     *
     * @param held what is held of the type, by name
     * @throws InvalidProtocolBufferException if it is of another type, or no message of this one
     */
    public Opened<R> open(Any resource, Function<String, Optional<Held<R>>> held)
            throws InvalidProtocolBufferException {
        if (!resource.getTypeUrl().equals(typeUrl)) {
            throw new InvalidProtocolBufferException("type URL '" + resource.getTypeUrl()
                    + "' does not match the message-wide type URL '" + typeUrl + "'");
        }
        return opener.open(resource.getValue(), held);
    }

    @Override
    public String toString() {
        return typeUrl.substring(PREFIX.length());
    }
}
