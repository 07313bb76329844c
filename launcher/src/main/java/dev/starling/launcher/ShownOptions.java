package dev.starling.launcher;

import dev.starling.launcher.Options.DrainStrategy;
import dev.starling.launcher.Options.IpVersion;
import dev.starling.launcher.Options.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The command line as {@code /server_info} tells it: {@code envoy.admin.v3.CommandLineOptions}, in its order. */
final class ShownOptions {

    private ShownOptions() {}

    static Map<String, Object> of(Options options) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("base_id", Long.toString(options.hotRestart().baseId()));
        shown.put("concurrency", options.concurrency());
        shown.put("config_path", text(options.source().path()));
        shown.put("config_yaml", options.source().yaml().orElse(""));
        shown.put("allow_unknown_static_fields", options.unknownFields().allowStatic());
        shown.put("admin_address_path", text(options.adminAddressPath()));
        shown.put("local_address_ip_version", options.localAddressIpVersion() == IpVersion.V4 ? "v4" : "v6");
        log(options.log(), shown);
        shown.put("service_cluster", options.identity().serviceCluster());
        shown.put("service_node", options.identity().serviceNode());
        shown.put("service_zone", options.identity().serviceZone());
        shown.put("file_flush_interval", seconds(options.accessLogFlush().interval()));
        shown.put("drain_time", seconds(options.draining().time()));
        shown.put("parent_shutdown_time", seconds(options.draining().parentShutdownTime()));
        shown.put("mode", options.mode() == Mode.SERVE ? "Serve" : "InitOnly");
        shown.put("disable_hot_restart", options.hotRestart().disabled());
        shown.put("enable_mutex_tracing", options.ignored().mutexTracing());
        shown.put("restart_epoch", options.hotRestart().restartEpoch());
        shown.put("cpuset_threads", options.ignored().cpusetThreads());
        shown.put("reject_unknown_dynamic_fields", options.unknownFields().rejectDynamic());
        shown.put("log_format_escaped", options.log().escaped());
        shown.put("disabled_extensions", options.disabledExtensions());
        shown.put("ignore_unknown_dynamic_fields", options.unknownFields().ignoreDynamic());
        shown.put("use_dynamic_base_id", options.hotRestart().dynamicBaseId());
        shown.put("base_id_path", text(options.hotRestart().baseIdPath()));
        shown.put("drain_strategy", options.draining().strategy() == DrainStrategy.GRADUAL ? "Gradual" : "Immediate");
        shown.put("enable_fine_grain_logging", options.ignored().fineGrainLogging());
        shown.put("socket_path", options.hotRestart().socketPath());
        shown.put("socket_mode", options.hotRestart().socketMode());
        shown.put("enable_core_dump", options.ignored().coreDump());
        shown.put("stats_tag", pairs(options.statsTags()));
        shown.put("skip_hot_restart_on_no_parent", options.hotRestart().skipOnNoParent());
        shown.put("skip_hot_restart_parent_stats", options.hotRestart().skipParentStats());
        shown.put("skip_deprecated_logs", options.skipDeprecatedLogs());
        shown.put("file_flush_min_size", options.accessLogFlush().minimumKilobytes());
        shown.put("log_stacktrace_single_entry", options.ignored().stacktraceSingleEntry());
        return shown;
    }

    private static void log(Options.Log log, Map<String, Object> shown) {
        shown.put("log_level", log.level().name().toLowerCase(Locale.ROOT));
        shown.put(
                "component_log_level",
                new TreeMap<>(log.components())
                        .entrySet().stream()
                                .map(each -> each.getKey() + ":"
                                        + each.getValue().name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(",")));
        shown.put("log_format", log.format().pattern());
        shown.put("log_path", text(log.path()));
    }

    private static List<String> pairs(Map<String, String> tags) {
        return new TreeMap<>(tags)
                .entrySet().stream()
                        .map(tag -> tag.getKey() + ":" + tag.getValue())
                        .toList();
    }

    private static String text(Optional<Path> path) {
        return path.map(Path::toString).orElse("");
    }

    private static String seconds(Duration time) {
        String whole = Long.toString(time.toSeconds());
        return time.toMillisPart() == 0
                ? whole + "s"
                : whole + String.format(Locale.ROOT, ".%03ds", time.toMillisPart());
    }
}
