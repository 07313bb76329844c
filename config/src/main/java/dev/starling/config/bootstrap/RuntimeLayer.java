package dev.starling.config.bootstrap;

import dev.starling.config.discovery.ConfigSource;
import java.util.Map;

/** {@code envoy.config.bootstrap.v3.RuntimeLayer}, validated. */
public sealed interface RuntimeLayer {

    /** For people. */
    String name();

    /** In the bootstrap. */
    record Static(String name, Map<String, RuntimeValue> values) implements RuntimeLayer {
        public Static {
            values = Map.copyOf(values);
        }
    }

    /**
     * One file for each key, below a symbolic link that is replaced when they change.
     *
     * @param directory through the link; the layer is there as long as it is
     */
    record Disk(String name, String symlinkRoot, String directory) implements RuntimeLayer {}

    /** What {@code /runtime_modify} has set. */
    record Admin(String name) implements RuntimeLayer {}

    /**
     * From a control plane or a file.
     *
     * @param resource its name there
     */
    record Discovered(String name, String resource, ConfigSource source) implements RuntimeLayer {}
}
