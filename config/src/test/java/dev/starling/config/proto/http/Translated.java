package dev.starling.config.proto.http;

import com.google.protobuf.Message;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionFactory;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.Problems;
import dev.starling.config.proto.TranslationContext;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.support.FieldSupport;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.OnDemand;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.PerRouteConfig;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * YAML read, checked and translated as the loader does it.
 *
 * @param record null after a problem
 */
public record Translated<R>(@Nullable R record, List<Problem> errors, List<Problem> warnings) {

    private static final ExtensionRegistry EXTENSIONS = new ExtensionRegistry.Builder()
            .add(
                    ExtensionCategory.HTTP_FILTER,
                    new Factory<>(
                            "envoy.filters.http.router", Router.class, true, (config, _) -> RouterReader.read(config)))
            .add(
                    ExtensionCategory.HTTP_FILTER,
                    new Factory<>(
                            "envoy.filters.http.health_check", HealthCheck.class, false, HealthCheckFilterReader::read))
            .add(
                    ExtensionCategory.HTTP_FILTER,
                    new Factory<>("envoy.filters.http.on_demand", OnDemand.class, false, OnDemandReader::read))
            .add(
                    ExtensionCategory.HTTP_FILTER_OVERRIDE,
                    new Factory<>(
                            "envoy.filters.http.on_demand", PerRouteConfig.class, false, OnDemandReader::readOverride))
            .build();

    /** The only cluster is called {@code c}. */
    public static <M extends Message, R> Translated<R> of(
            M type, String yaml, BiFunction<M, ValidationContext, @Nullable R> reader) throws InvalidConfigException {
        var checked = new ConfigReader(FieldSupport.builtIn(), Map.of())
                .read(type, List.of(ConfigText.yaml("test", yaml)), UnknownFields.REJECT);
        Problems problems = checked.problems();
        var context = TranslationContext.of(problems, UnknownFields.REJECT, EXTENSIONS, "c"::equals);
        var record = reader.apply(checked.message(), context);
        return new Translated<>(record, problems.errors(), problems.warnings());
    }

    public static Translated<HttpConnectionManager> connectionManager(String yaml) throws InvalidConfigException {
        return of(
                io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                        .getDefaultInstance(),
                yaml,
                HttpConnectionManagerReader::read);
    }

    /** The record, which must have been read without a problem. */
    public R get() {
        if (record == null || !errors.isEmpty()) {
            throw new AssertionError("problems: " + errors);
        }
        return record;
    }

    /** {@code path: message} of each problem. */
    public List<String> complaints() {
        if (record != null && !errors.isEmpty()) {
            throw new AssertionError("a record in spite of " + errors);
        }
        return errors.stream()
                .map(problem -> problem.path() + ": " + problem.message())
                .toList();
    }

    /** @param reader null after a problem was reported */
    private record Factory<P extends Message>(
            String name,
            Class<P> configType,
            boolean terminal,
            BiFunction<P, ValidationContext, @Nullable Record> reader)
            implements ExtensionFactory<P> {

        @Override
        public @Nullable Record validate(P config, ValidationContext context) {
            return reader.apply(config, context);
        }
    }
}
