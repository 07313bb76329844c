package dev.starling.config.proto;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.starling.config.Extension;
import dev.starling.config.tls.StaticSecrets;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A place in one message that is being translated, after it was read and checked. */
public final class TranslationContext implements ValidationContext {

    private final Scope scope;
    private final FieldPath path;

    private TranslationContext(Scope scope, FieldPath path) {
        this.scope = scope;
        this.path = path;
    }

    /**
     * The context of a whole message.
     *
     * @param problems what checking found already; translation adds to it
     * @param unknownFields what becomes of fields that are not supported where they stand
     * @param knownClusters names that routes may be validated against
     */
    public static TranslationContext of(
            Problems problems,
            UnknownFields unknownFields,
            ExtensionRegistry extensions,
            Predicate<String> knownClusters) {
        var policy = new UnknownFieldPolicy(unknownFields, message -> false, problems);
        return new TranslationContext(
                new Scope(problems, policy, extensions, knownClusters, StaticSecrets.NONE), FieldPath.ROOT);
    }

    /** The same place, where these are known. */
    public TranslationContext with(StaticSecrets secrets) {
        return new TranslationContext(
                new Scope(scope.problems, scope.policy, scope.extensions, scope.knownClusters, secrets), path);
    }

    @Override
    public TranslationContext field(String name) {
        return new TranslationContext(scope, path.field(name));
    }

    @Override
    public TranslationContext field(String name, int index) {
        return new TranslationContext(scope, path.field(name, index));
    }

    @Override
    public TranslationContext entry(String name, String key) {
        return new TranslationContext(scope, path.entry(name, key));
    }

    @Override
    public void problem(String message) {
        scope.problems.error(path, message);
    }

    @Override
    public void unsupported(String message) {
        scope.policy.apply(path, message);
    }

    @Override
    public boolean failed() {
        return scope.problems.hasErrorsAtOrBelow(path);
    }

    @Override
    public void warning(String message) {
        scope.problems.warning(path, message);
    }

    @Override
    public boolean knowsCluster(String name) {
        return scope.knownClusters.test(name);
    }

    @Override
    public StaticSecrets secrets() {
        return scope.secrets;
    }

    @Override
    public ExtensionRegistry extensions() {
        return scope.extensions;
    }

    @Override
    public @Nullable Extension extension(ExtensionCategory category, String name, Any typedConfig) {
        return extension(category, name, typedConfig, field("typed_config"));
    }

    @Override
    public @Nullable Extension extensionHere(ExtensionCategory category, String name, Any config) {
        return extension(category, name, config, this);
    }

    private @Nullable Extension extension(
            ExtensionCategory category, String name, Any typedConfig, TranslationContext at) {
        String typeName = TypedConfig.typeName(typedConfig);
        var factory = scope.extensions.find(category, typeName);
        if (factory.isEmpty()) {
            if (typeName.isEmpty() && at.failed()) {
                return null; // what could not be read has been told
            }
            problem("Didn't find a registered implementation for '" + name + "' with type URL: '" + typeName + "'");
            return null;
        }
        var record = translate(factory.get(), typedConfig, at);
        return record == null ? null : new Extension(name, typeName, record);
    }

    private static <P extends Message> @Nullable Record translate(
            ExtensionFactory<P> factory, Any typedConfig, TranslationContext at) {
        Optional<P> message = TypedConfig.unpack(typedConfig)
                .filter(factory.configType()::isInstance)
                .map(factory.configType()::cast);
        if (message.isEmpty()) {
            at.problem("is not a message of the type " + TypedConfig.typeName(typedConfig));
            return null;
        }
        return factory.validate(message.get(), at);
    }

    private record Scope(
            Problems problems,
            UnknownFieldPolicy policy,
            ExtensionRegistry extensions,
            Predicate<String> knownClusters,
            StaticSecrets secrets) {}
}
