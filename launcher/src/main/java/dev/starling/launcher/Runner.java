package dev.starling.launcher;

import dev.starling.config.InvalidConfigException;
import java.io.IOException;

/** What the command line can ask for. Each call returns when its work is over, with the exit code of the process. */
public interface Runner {

    /** Runs the proxy until it is told to stop; in {@code init_only} mode until it could serve. */
    int serve(Options options) throws InvalidConfigException, IOException;

    /** Checks the configuration and opens nothing. */
    int validate(Options options) throws InvalidConfigException, IOException;

    /** Prints the checked configuration as Envoy YAML. */
    int printConfig(Options options) throws InvalidConfigException, IOException;

    /** Runs the proxy with built-in upstreams. */
    int demo(DemoOptions options) throws InvalidConfigException, IOException;

    /** Starts, and has traffic and updates until they are hot, so that the JVM can record it in its AOT cache. */
    int train(Options options) throws InvalidConfigException, IOException;
}
