package dev.starling.config.proto;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.proto.source.ConfigText;
import java.util.List;

/** From texts, or from a resource off the wire, to validated records: the one entrance to this module. */
public final class ConfigLoader {

    private final ConfigReader reader;
    private final ExtensionRegistry extensions;

    public ConfigLoader(ConfigReader reader, ExtensionRegistry extensions) {
        this.reader = reader;
        this.extensions = extensions;
    }

    /**
     * Reads a bootstrap.
     *
     * @param texts merged in order, such as {@link ConfigText#file} and then {@link ConfigText#yaml} of {@code --config-yaml}
     * @throws InvalidConfigException with all problems
     */
    public LoadedBootstrap load(List<ConfigText> texts, UnknownFields unknownFields, NodeOverrides node)
            throws InvalidConfigException {
        throw new UnsupportedOperationException();
    }
}
