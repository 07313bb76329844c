package dev.starling.launcher;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.LoadedBootstrap;
import dev.starling.config.proto.NodeOverrides;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.source.ConfigText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the bootstrap that the flags name, with what the flags say about it. */
final class BootstrapLoader {

    private static final Logger LOG = LoggerFactory.getLogger(BootstrapLoader.class);

    private final ConfigLoader loader;

    BootstrapLoader(ConfigLoader loader) {
        this.loader = loader;
    }

    LoadedBootstrap load(Options options) throws InvalidConfigException {
        var texts = new ArrayList<ConfigText>();
        Optional<Path> path = options.source().path();
        if (path.isPresent()) {
            texts.add(ConfigText.file(path.get()));
        }
        options.source().yaml().ifPresent(yaml -> texts.add(ConfigText.yaml("--config-yaml", yaml)));
        return load(texts, options);
    }

    /** A bootstrap that comes with the program. */
    LoadedBootstrap load(ConfigText builtIn, Options options) throws InvalidConfigException {
        return load(List.of(builtIn), options);
    }

    /** In parts, which are merged. */
    LoadedBootstrap load(List<ConfigText> texts, Options options) throws InvalidConfigException {
        for (String extension : options.disabledExtensions()) {
            if (extension.indexOf('/') < 0) {
                LOG.warn("failed to disable invalid extension name '{}'", extension);
            }
        }
        var unknownFields = options.unknownFields().allowStatic() ? UnknownFields.WARN : UnknownFields.REJECT;
        var identity = options.identity();
        return loader.withoutExtensions(options.disabledExtensions())
                .load(
                        texts,
                        unknownFields,
                        new NodeOverrides(identity.serviceNode(), identity.serviceCluster(), identity.serviceZone()));
    }
}
