package dev.starling.config.proto.source;

import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers {@code ${NAME}} from the environment handed in rather than from the process's own. */
final class EnvironmentResolver implements ConfigResolver {

    private final Map<String, String> environment;

    EnvironmentResolver(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable ConfigValue lookup(String path) {
        String value = environment.get(path);
        return value == null ? null : ConfigValueFactory.fromAnyRef(value, "environment variable " + path);
    }

    @Override
    public ConfigResolver withFallback(ConfigResolver fallback) {
        return this;
    }
}
