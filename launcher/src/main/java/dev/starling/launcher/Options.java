package dev.starling.launcher;

import dev.starling.launcher.log.LogFormat;
import dev.starling.launcher.log.LogLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line says, checked: every flag of Envoy, defaults filled in.
 *
 * @param concurrency event loops; at least 1
 * @param adminAddressPath where the admin server's {@code ip:port} is written once it is known
 * @param disabledExtensions as Envoy spells them, {@code category/name}; using one in the configuration is an error
 * @param statsTags a fixed tag on every statistic
 */
public record Options(
        Source source,
        Mode mode,
        int concurrency,
        Identity identity,
        Draining draining,
        Log log,
        UnknownFields unknownFields,
        AccessLogFlush accessLogFlush,
        Optional<Path> adminAddressPath,
        IpVersion localAddressIpVersion,
        List<String> disabledExtensions,
        Map<String, String> statsTags,
        boolean skipDeprecatedLogs,
        HotRestart hotRestart,
        Ignored ignored) {

    public Options {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency " + concurrency);
        }
        disabledExtensions = List.copyOf(disabledExtensions);
        statsTags = Map.copyOf(statsTags);
    }

    /** Where the bootstrap comes from; {@code yaml} is merged over the file. */
    public record Source(Optional<Path> path, Optional<String> yaml) {

        /** How messages call it. */
        public String name() {
            return path.map(Path::toString).orElse("--config-yaml");
        }

        public boolean isEmpty() {
            return path.isEmpty() && yaml.isEmpty();
        }
    }

    /** What to do with the configuration. */
    public enum Mode {
        SERVE,
        /** Check it, open no socket, ask no control plane. */
        VALIDATE,
        /** Initialise everything that serving needs, then end. */
        INIT_ONLY
    }

    /** What the node of the bootstrap is told from outside; empty where it is not. */
    public record Identity(String serviceCluster, String serviceNode, String serviceZone) {}

    /**
     * How connections end.
     *
     * @param time for changed and removed listeners and {@code /drain_listeners?graceful}
     * @param shutdownGrace how long SIGTERM waits for exchanges in flight; zero: not at all, as Envoy does
     * @param parentShutdownTime shown in {@code /server_info} only: there is no hot restart
     */
    public record Draining(
            Duration time, DrainStrategy strategy, Duration shutdownGrace, Duration parentShutdownTime) {}

    public enum DrainStrategy {
        GRADUAL,
        IMMEDIATE
    }

    /**
     * The application log.
     *
     * @param format of a line, already parsed
     * @param components levels that differ from {@code level}, by Envoy's component name
     * @param path absent: standard error
     */
    public record Log(
            LogLevel level, Map<String, LogLevel> components, LogFormat format, boolean escaped, Optional<Path> path) {
        public Log {
            components = Map.copyOf(components);
        }
    }

    /** What happens to fields that the configuration model does not know. */
    public record UnknownFields(boolean allowStatic, boolean rejectDynamic, boolean ignoreDynamic) {}

    /** When the file access log writes what it has gathered. */
    public record AccessLogFlush(Duration interval, int minimumKilobytes) {}

    public enum IpVersion {
        V4,
        V6
    }

    /** Accepted so that command lines work; only the base id file is written. */
    public record HotRestart(
            boolean disabled,
            long baseId,
            boolean dynamicBaseId,
            Optional<Path> baseIdPath,
            int restartEpoch,
            boolean skipOnNoParent,
            boolean skipParentStats,
            String socketPath,
            int socketMode) {}

    /** Accepted without effect; kept because {@code /server_info} shows them. */
    public record Ignored(
            boolean cpusetThreads,
            boolean mutexTracing,
            boolean coreDump,
            boolean fineGrainLogging,
            boolean stacktraceSingleEntry) {}
}
