package dev.starling.config.proto;

import com.google.protobuf.Message;
import dev.starling.config.Extension;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.bootstrap.RuntimeResource;
import dev.starling.config.bootstrap.RuntimeValue;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.HealthCheckSpecifier;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.listener.Listener;
import dev.starling.config.proto.bootstrap.BootstrapReader;
import dev.starling.config.proto.bootstrap.RuntimeTextReader;
import dev.starling.config.proto.bootstrap.RuntimeValuesReader;
import dev.starling.config.proto.cluster.ClusterReader;
import dev.starling.config.proto.cluster.HealthCheckSpecifierReader;
import dev.starling.config.proto.core.AddressReader;
import dev.starling.config.proto.endpoint.AssignmentChange;
import dev.starling.config.proto.endpoint.EndpointReader;
import dev.starling.config.proto.endpoint.LoadAssignmentReader;
import dev.starling.config.proto.listener.ListenerReader;
import dev.starling.config.proto.route.RouteConfigurationReader;
import dev.starling.config.proto.route.ScopedRouteReader;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.tls.SecretReader;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.ScopedRoute;
import dev.starling.config.route.VirtualHost;
import dev.starling.config.tls.Secret;
import dev.starling.config.tls.StaticSecrets;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From texts, or from a resource off the wire, to validated records: the one entrance to this module. */
public final class ConfigLoader {

    private final ConfigReader reader;
    private final ExtensionRegistry extensions;
    private final StaticSecrets secrets;

    /** @throws IllegalStateException if an extension is registered whose fields are in no list of supported ones */
    public ConfigLoader(ConfigReader reader, ExtensionRegistry extensions) {
        this(reader, extensions, StaticSecrets.NONE);
    }

    private ConfigLoader(ConfigReader reader, ExtensionRegistry extensions, StaticSecrets secrets) {
        for (var category : ExtensionCategory.values()) {
            for (String type : extensions.factories(category).keySet()) {
                // What has no message of its own is configured by a struct, whose fields its factory checks.
                if (!reader.support().lists(type) && MessageTypes.find(type).isPresent()) {
                    throw new IllegalStateException("no list of supported fields names " + type);
                }
            }
        }
        this.reader = reader;
        this.extensions = extensions;
        this.secrets = secrets;
    }

    /** What reads texts for it. */
    public ConfigReader reader() {
        return reader;
    }

    /** Knows all extensions but these, named as {@link ExtensionRegistry#without} says. */
    public ConfigLoader withoutExtensions(Collection<String> names) {
        return new ConfigLoader(reader, extensions.without(names), secrets);
    }

    /** Knows these of a bootstrap that was loaded before. */
    public ConfigLoader with(StaticSecrets known) {
        return new ConfigLoader(reader, extensions, known);
    }

    /**
     * Reads a bootstrap.
     *
     * @param texts merged in order, such as {@link ConfigText#file} and then {@link ConfigText#yaml} of {@code --config-yaml}
     * @throws InvalidConfigException with all problems
     */
    public LoadedBootstrap load(List<ConfigText> texts, UnknownFields unknownFields, NodeOverrides node)
            throws InvalidConfigException {
        var checked = reader.read(Bootstrap.getDefaultInstance(), texts, unknownFields);
        var message = node.over(checked.message());
        var names = message.getStaticResources().getClustersList().stream()
                .map(io.envoyproxy.envoy.config.cluster.v3.Cluster::getName)
                .collect(Collectors.toSet());
        var problems = checked.problems();
        var context = TranslationContext.of(problems, unknownFields, extensions, names::contains);
        var given =
                SecretReader.statics(message.getStaticResources().getSecretsList(), context.field("static_resources"));
        var bootstrap = present(BootstrapReader.read(message, context.with(given)), problems);
        return new LoadedBootstrap(bootstrap, message, problems.warnings(), problems.ignoredFields());
    }

    /** @param knownClusters for routes inside that are validated against the clusters */
    public LoadedResource<Listener> readListener(
            EncodedMessage<io.envoyproxy.envoy.config.listener.v3.Listener> message,
            UnknownFields unknownFields,
            Predicate<String> knownClusters)
            throws InvalidConfigException {
        return read(
                message,
                unknownFields,
                knownClusters,
                (checked, context) -> ListenerReader.read(checked, checked.getName(), context));
    }

    public LoadedResource<Cluster> readCluster(
            EncodedMessage<io.envoyproxy.envoy.config.cluster.v3.Cluster> message, UnknownFields unknownFields)
            throws InvalidConfigException {
        return read(message, unknownFields, cluster -> false, ClusterReader::read);
    }

    /** What a health discovery service says. */
    public LoadedResource<HealthCheckSpecifier> readHealthChecks(
            io.envoyproxy.envoy.service.health.v3.HealthCheckSpecifier message, UnknownFields unknownFields)
            throws InvalidConfigException {
        return translated(
                reader.check(message, unknownFields),
                unknownFields,
                cluster -> false,
                HealthCheckSpecifierReader::read);
    }

    /** @param knownClusters for a configuration that asks to be validated against the clusters */
    public LoadedResource<RouteConfiguration> readRouteConfiguration(
            EncodedMessage<io.envoyproxy.envoy.config.route.v3.RouteConfiguration> message,
            UnknownFields unknownFields,
            Predicate<String> knownClusters)
            throws InvalidConfigException {
        return read(
                message,
                unknownFields,
                knownClusters,
                (checked, context) -> RouteConfigurationReader.read(checked, false, context));
    }

    /** Of a cluster that finds its endpoints by such resources: addresses are literal. */
    public LoadedResource<LoadAssignment> readLoadAssignment(
            EncodedMessage<ClusterLoadAssignment> message, UnknownFields unknownFields) throws InvalidConfigException {
        return read(
                message,
                unknownFields,
                cluster -> false,
                (checked, context) -> new LoadAssignmentReader(AddressReader.literal()).read(checked, context));
    }

    /**
     * The same, but only what is new in it. Empty if there is anything to say of that: then it must be read as a whole, for all that
     * there is to say, in its order.
     */
    public Optional<LoadAssignment> readChanges(AssignmentChange change, UnknownFields unknownFields) {
        var problems = reader.check(change.rest(), unknownFields).problems();
        change.forEachFresh((endpoint, locality, place) -> reader.check(
                endpoint,
                FieldPath.ROOT.field("endpoints", locality).field("lb_endpoints", place),
                unknownFields,
                problems));
        var context = TranslationContext.of(problems, unknownFields, extensions, cluster -> false)
                .with(secrets);
        return new LoadAssignmentReader(AddressReader.literal())
                .read(change, context)
                .filter(_ -> problems.isEmpty());
    }

    /** One of a locality that finds its endpoints one by one. */
    public LoadedResource<EndpointConfig> readLocalityEndpoint(
            EncodedMessage<LbEndpoint> message, UnknownFields unknownFields) throws InvalidConfigException {
        return read(
                message,
                unknownFields,
                cluster -> false,
                (checked, context) -> new EndpointReader(AddressReader.literal()).read(checked, context));
    }

    public LoadedResource<ScopedRoute> readScopedRoute(
            EncodedMessage<ScopedRouteConfiguration> message,
            UnknownFields unknownFields,
            Predicate<String> knownClusters)
            throws InvalidConfigException {
        return read(message, unknownFields, knownClusters, ScopedRouteReader::read);
    }

    /** One of a route configuration that finds its virtual hosts one by one. */
    public LoadedResource<VirtualHost> readVirtualHost(
            EncodedMessage<io.envoyproxy.envoy.config.route.v3.VirtualHost> message, UnknownFields unknownFields)
            throws InvalidConfigException {
        return read(message, unknownFields, cluster -> false, RouteConfigurationReader::readVirtualHost);
    }

    /** An extension of any kind whose configuration can come by itself. */
    public LoadedResource<Extension> readExtension(
            EncodedMessage<TypedExtensionConfig> message, UnknownFields unknownFields) throws InvalidConfigException {
        return read(message, unknownFields, cluster -> false, (checked, context) -> {
            String type = TypedConfig.typeName(checked.getTypedConfig());
            var category = Stream.of(ExtensionCategory.NETWORK_FILTER, ExtensionCategory.LISTENER_FILTER)
                    .filter(each -> extensions.find(each, type).isPresent())
                    .findFirst()
                    .orElse(ExtensionCategory.HTTP_FILTER);
            return context.extension(category, checked.getName(), checked.getTypedConfig());
        });
    }

    /** All values of one layer of the runtime. */
    public LoadedResource<RuntimeResource> readRuntime(
            EncodedMessage<io.envoyproxy.envoy.service.runtime.v3.Runtime> message, UnknownFields unknownFields)
            throws InvalidConfigException {
        return read(message, unknownFields, cluster -> false, RuntimeValuesReader::read);
    }

    /** A value of the runtime that was written into a file, or sent to the admin API: YAML, and shown as it is. */
    public RuntimeValue readRuntimeValue(String text) throws InvalidConfigException {
        return RuntimeTextReader.read(text);
    }

    public LoadedResource<Secret> readSecret(
            EncodedMessage<io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret> message,
            UnknownFields unknownFields)
            throws InvalidConfigException {
        return read(message, unknownFields, cluster -> false, SecretReader::read);
    }

    private <M extends Message, R> LoadedResource<R> read(
            EncodedMessage<M> message,
            UnknownFields unknownFields,
            Predicate<String> knownClusters,
            Translator<M, R> translator)
            throws InvalidConfigException {
        return translated(reader.check(message, unknownFields), unknownFields, knownClusters, translator);
    }

    private <M extends Message, R> LoadedResource<R> translated(
            CheckedMessage<M> checked,
            UnknownFields unknownFields,
            Predicate<String> knownClusters,
            Translator<M, R> translator)
            throws InvalidConfigException {
        var problems = checked.problems();
        var context = TranslationContext.of(problems, unknownFields, extensions, knownClusters)
                .with(secrets);
        var resource = present(translator.translate(checked.message(), context), problems);
        return new LoadedResource<>(resource, problems.warnings(), problems.ignoredFields());
    }

    /** A translator that returns nothing has told why; one that returns something may have been told of more. */
    private static <R> R present(@Nullable R read, Problems problems) throws InvalidConfigException {
        problems.throwIfAny();
        if (read == null) {
            throw new IllegalStateException("nothing was read, and nobody said why");
        }
        return read;
    }

    private interface Translator<M, R> {
        @Nullable
        R translate(M message, ValidationContext context);
    }
}
