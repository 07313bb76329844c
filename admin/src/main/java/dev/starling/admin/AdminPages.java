package dev.starling.admin;

import com.typesafe.config.Config;
import dev.starling.admin.AdminCommand.Parameter;
import dev.starling.runtime.stats.StatsStore;
import java.util.List;

/** All commands of the admin API, with Envoy's words for them where they are Envoy's. */
final class AdminPages {

    private static final Parameter STATS_FILTER =
            new Parameter("filter", "Regular expression (Google re2) for filtering stats");
    private static final Parameter USED_ONLY =
            new Parameter("usedonly", "Only include stats that have been written by system since restart");

    private AdminPages() {}

    /** Beside Envoy's, and only when asked for: its classes are not even loaded otherwise. */
    static AdminCommand kamon(StatsStore store, Config config) {
        return AdminCommand.read(
                        "/stats/kamon",
                        "print server stats as kamon-prometheus does",
                        AdminPage.of(new StatsPages(store).kamon(config)))
                .with(USED_ONLY, STATS_FILTER);
    }

    static List<AdminCommand> of(AdminContext context) {
        ServerPages server = new ServerPages(context);
        StatsPages stats = new StatsPages(context.stats());
        ActionPages actions = new ActionPages(context.actions());
        RuntimePages runtime = new RuntimePages(context.runtime(), context.actions());
        return List.of(
                AdminCommand.read("/", "Admin home page", AdminPage.of(new IndexPage()::answer)),
                AdminCommand.read(
                        ActorsPage.PATH,
                        "print actors and their state; /actors/<name>... for a part of them",
                        new ActorsPage(context.actors())),
                AdminCommand.read(
                        "/certs",
                        "print certs on machine",
                        AdminPage.of(
                                new CertsPage(context.tls(), context.clock().wall())::answer)),
                AdminCommand.read(
                                "/clusters",
                                "upstream cluster status",
                                AdminPage.of(new ClustersPage(context.clusters())::answer))
                        .with(
                                new Parameter(
                                        "filter", "Regular expression (Google re2) for filtering clusters by name"),
                                new Parameter("format", "Format to use; One of (text, json)")),
                AdminCommand.read(
                                "/config_dump",
                                "dump current configs",
                                AdminPage.of(new ConfigDumpPage(context)::answer))
                        .with(
                                new Parameter("resource", "The resource to dump"),
                                new Parameter(
                                        "mask",
                                        "The mask to apply. When both resource and mask are specified, the mask is applied to every element in the desired repeated field so that only a subset of fields are returned. The mask is parsed as a Protobuf::FieldMask"),
                                new Parameter(
                                        "name_regex",
                                        "Dump only the currently loaded configurations whose names match the specified regex. Can be used with both resource and mask query parameters."),
                                new Parameter(
                                        "include_eds",
                                        "Dump currently loaded configuration including EDS. See the response definition for more information")),
                AdminCommand.mutation("/drain_listeners", "drain listeners", AdminPage.of(actions::drainListeners))
                        .with(
                                new Parameter(
                                        "graceful",
                                        "When draining listeners, enter a graceful drain period prior to closing listeners. This behaviour and duration is configurable via server options or CLI"),
                                new Parameter(
                                        "skip_exit",
                                        "When draining listeners, drain the connections but never stop the listeners. The graceful parameter has no effect when this is set, since the drain period only delays stopping the listeners"),
                                new Parameter(
                                        "inboundonly",
                                        "Drains all inbound listeners. traffic_direction field in envoy_v3_api_msg_config.listener.v3.Listener is used to determine whether a listener is inbound or outbound.")),
                AdminCommand.mutation(
                        "/healthcheck/fail",
                        "cause the server to fail health checks",
                        AdminPage.of(actions::failHealthCheck)),
                AdminCommand.mutation(
                        "/healthcheck/ok",
                        "cause the server to pass health checks",
                        AdminPage.of(actions::passHealthCheck)),
                AdminCommand.read(
                        "/hot_restart_version",
                        "print the hot restart compatibility version",
                        AdminPage.of(server::hotRestartVersion)),
                AdminCommand.read(
                                "/init_dump",
                                "dump current init manager information (experimental)",
                                AdminPage.of(server::initDump))
                        .with(
                                new Parameter(
                                        "mask",
                                        "The desired component to dump unready targets. The mask is parsed as a Protobuf::FieldMask. For example, get the unready targets of all listeners with /init_dump?mask=listener`")),
                AdminCommand.read(
                                "/listeners",
                                "print listener info",
                                AdminPage.of(new ListenersPage(context.listeners())::answer))
                        .with(new Parameter("format", "File format to use; One of (text, json)")),
                AdminCommand.mutation(
                                "/logging",
                                "query/change logging levels",
                                AdminPage.of(new LoggingPage(context.logLevels())::answer))
                        .with(
                                new Parameter(
                                        "paths",
                                        "Change multiple logging levels by setting to <logger_name1>:<desired_level1>,<logger_name2>:<desired_level2>."),
                                new Parameter(
                                        "level",
                                        "desired logging level, this will change all loggers's level; One of (, trace, debug, info, warning, error, critical, off)")),
                AdminCommand.read(
                        "/memory", "print current allocation/heap usage", AdminPage.of(new MemoryPage()::answer)),
                AdminCommand.mutation("/quitquitquit", "exit the server", AdminPage.of(actions::quit)),
                AdminCommand.read(
                        "/ready",
                        "print server state, return 200 if LIVE, otherwise return 503",
                        AdminPage.of(server::ready)),
                AdminCommand.mutation("/reopen_logs", "reopen access logs", AdminPage.of(actions::reopenLogs)),
                AdminCommand.mutation(
                        "/reset_counters", "reset all counters to zero", AdminPage.of(stats::resetCounters)),
                AdminCommand.read("/runtime", "print runtime values", AdminPage.of(runtime::show)),
                AdminCommand.mutation(
                        "/runtime_modify",
                        "Adds or modifies runtime values as passed in query parameters. To delete a previously added key, use an empty string as the value. Note that deletion only applies to overrides added via this endpoint; values loaded from disk can be modified via override but not deleted. E.g. ?key1=value1&key2=value2...",
                        runtime::modify),
                AdminCommand.read(
                        "/server_info", "print server version/status information", AdminPage.of(server::serverInfo)),
                AdminCommand.read("/stats", "print server stats", AdminPage.of(stats::answer))
                        .with(
                                USED_ONLY,
                                STATS_FILTER,
                                new Parameter("format", "Format to use; One of (text, json, prometheus)"),
                                new Parameter(
                                        "type",
                                        "Stat types to include.; One of (All, Counters, Histograms, Gauges, TextReadouts)"),
                                new Parameter(
                                        "histogram_buckets",
                                        "Histogram bucket display mode; One of (cumulative, disjoint, detailed, summary)")),
                AdminCommand.read(
                                "/stats/prometheus",
                                "print server stats in prometheus format",
                                AdminPage.of(stats::prometheus))
                        .with(
                                USED_ONLY,
                                new Parameter(
                                        "text_readouts",
                                        "Render text_readouts as new gaugues with value 0 (increases Prometheus data size)"),
                                STATS_FILTER,
                                new Parameter(
                                        "histogram_buckets",
                                        "Histogram bucket display mode; One of (cumulative, summary)")));
    }
}
