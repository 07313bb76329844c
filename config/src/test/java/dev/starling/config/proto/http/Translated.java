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
            .add(ExtensionCategory.HTTP_FILTER, new RouterFactory())
            .add(ExtensionCategory.HTTP_FILTER, new HealthCheckFactory())
            .add(ExtensionCategory.HTTP_FILTER, new OnDemandFactory())
            .add(ExtensionCategory.HTTP_FILTER_OVERRIDE, new OnDemandOverrideFactory())
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

    private record RouterFactory() implements ExtensionFactory<Router> {
        @Override
        public String name() {
            return "envoy.filters.http.router";
        }

        @Override
        public Class<Router> configType() {
            return Router.class;
        }

        @Override
        public boolean terminal() {
            return true;
        }

        @Override
        public Record validate(Router config, ValidationContext context) {
            return RouterReader.read(config);
        }
    }

    private record HealthCheckFactory() implements ExtensionFactory<HealthCheck> {
        @Override
        public String name() {
            return "envoy.filters.http.health_check";
        }

        @Override
        public Class<HealthCheck> configType() {
            return HealthCheck.class;
        }

        @Override
        public @Nullable Record validate(HealthCheck config, ValidationContext context) {
            return HealthCheckFilterReader.read(config, context);
        }
    }

    private record OnDemandFactory() implements ExtensionFactory<OnDemand> {
        @Override
        public String name() {
            return "envoy.filters.http.on_demand";
        }

        @Override
        public Class<OnDemand> configType() {
            return OnDemand.class;
        }

        @Override
        public Record validate(OnDemand config, ValidationContext context) {
            return OnDemandReader.read(config, context);
        }
    }

    private record OnDemandOverrideFactory() implements ExtensionFactory<PerRouteConfig> {
        @Override
        public String name() {
            return "envoy.filters.http.on_demand";
        }

        @Override
        public Class<PerRouteConfig> configType() {
            return PerRouteConfig.class;
        }

        @Override
        public Record validate(PerRouteConfig config, ValidationContext context) {
            return OnDemandReader.readOverride(config, context);
        }
    }
}
