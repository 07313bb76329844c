package dev.starling.launcher;

import dev.starling.launcher.log.LogFormat;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Every flag with its names, whether it takes a value, and its line of help. {@link FlagReader} reads what was given. */
final class Flags {

    /** Flags that belong together in the help. */
    record Section(String heading, List<Option> flags) {}

    private static final Section HELP = new Section(
            "Help",
            List.of(
                    flag("version", "print the version and end"),
                    Option.builder("h")
                            .longOpt("help")
                            .desc("print this and end")
                            .get()));

    private Flags() {}

    /** Of {@code starling} without a subcommand: Envoy's, and ours. */
    static List<Section> starling() {
        return List.of(configuration(), running(), stopping(), node(), log(), withoutEffect(), HELP);
    }

    /** Of {@code starling demo}. */
    static List<Section> demo() {
        var ports = new Section(
                "Demo",
                List.of(
                        value("port", "PORT", "where the proxy listens on loopback; default 10000, 0 takes a free one"),
                        value("admin-port", "PORT", "where the admin server does; default 15000"),
                        concurrency(),
                        shutdownGrace()));
        return List.of(ports, log(), HELP);
    }

    /** Of {@code starling config print}. */
    static List<Section> print() {
        return List.of(configuration(), node(), HELP);
    }

    /** What the parser wants. */
    static Options all(List<Section> sections) {
        var all = new Options();
        sections.forEach(section -> section.flags().forEach(all::addOption));
        all.addOption(flag("aot-training", "not for people: the launcher calls it"));
        return all;
    }

    private static Section configuration() {
        return new Section(
                "Configuration",
                List.of(
                        value("c", "config-path", "FILE", "bootstrap in YAML, JSON or HOCON, by its extension"),
                        value("config-yaml", "YAML", "bootstrap on the command line, merged over the file"),
                        flag("allow-unknown-static-fields", "unknown fields in the bootstrap are skipped, not refused"),
                        flag("allow-unknown-fields", "the old name of --allow-unknown-static-fields"),
                        flag("reject-unknown-dynamic-fields", "unknown fields in dynamic resources are refused"),
                        flag("ignore-unknown-dynamic-fields", "they are skipped without a warning or a count"),
                        flag("skip-deprecated-logs", "no warning for deprecated fields"),
                        value("disable-extensions", "NAMES", "comma-separated category/name; using one is refused")));
    }

    private static Section running() {
        return new Section(
                "Running",
                List.of(
                        value(
                                "mode",
                                "MODE",
                                "serve (default), validate: check the configuration and end, or init_only"),
                        concurrency(),
                        value("local-address-ip-version", "VERSION", "v4 (default) or v6"),
                        value("admin-address-path", "FILE", "where to write the admin server's address"),
                        value("file-flush-interval-msec", "MS", "how often access logs are written; default 10000"),
                        value("file-flush-min-size-kb", "KB", "what an access log gathers at most; default 64")));
    }

    private static Section stopping() {
        return new Section(
                "Stopping and draining",
                List.of(
                        shutdownGrace(),
                        value("drain-time-s", "S", "for changed and removed listeners; default 600"),
                        value("drain-strategy", "STRATEGY", "gradual (default): more and more close, or immediate")));
    }

    private static Section node() {
        return new Section(
                "Node",
                List.of(
                        value("service-cluster", "NAME", "node.cluster"),
                        value("service-node", "NAME", "node.id"),
                        value("service-zone", "NAME", "node.locality.zone")));
    }

    private static Section log() {
        return new Section(
                "Application log",
                List.of(
                        value("l", "log-level", "LEVEL", "trace, debug, info (default), warning, error, critical, off"),
                        value("component-log-level", "LEVELS", "such as upstream:debug,config:trace"),
                        value("log-format", "FORMAT", "in spdlog's syntax; default " + LogFormat.ENVOY),
                        flag("log-format-escaped", "control characters in messages are written as in C"),
                        value("log-path", "FILE", "the log goes there and not to standard error")));
    }

    private static Section withoutEffect() {
        return new Section(
                "Accepted so that Envoy's command lines work, without effect",
                List.of(
                        value("base-id", "ID", "there is no shared memory to number"),
                        flag("use-dynamic-base-id", "the same"),
                        value("base-id-path", "FILE", "the base id is written there"),
                        value("restart-epoch", "N", "there is no hot restart"),
                        flag("hot-restart-version", "prints that it is disabled and ends"),
                        flag("disable-hot-restart", "it is"),
                        flag("skip-hot-restart-on-no-parent", "there is no parent"),
                        flag("skip-hot-restart-parent-stats", "the same"),
                        value("parent-shutdown-time-s", "S", "the same; default 900"),
                        value("socket-path", "PATH", "of hot restart"),
                        value("socket-mode", "MODE", "of hot restart"),
                        value("stats-tag", "TAG:VALUE", "shown by /server_info only; may be repeated"),
                        flag("cpuset-threads", "the JVM always counts the cores it may use"),
                        flag("enable-mutex-tracing", "the JVM's own tools do that"),
                        flag("enable-core-dump", "the same"),
                        flag("enable-fine-grain-logging", "levels go by component"),
                        flag("log-stacktrace-single-entry", "a stack trace always is one entry")));
    }

    private static Option concurrency() {
        return value("concurrency", "N", "event loops; default: as many as cores");
    }

    private static Option shutdownGrace() {
        return value(
                "shutdown-grace-s", "S", "what SIGTERM gives to exchanges in flight; default 25, 0 as Envoy: none");
    }

    private static Option flag(String name, String description) {
        return Option.builder().longOpt(name).desc(description).get();
    }

    private static Option value(String name, String label, String description) {
        return Option.builder()
                .longOpt(name)
                .hasArg()
                .argName(label)
                .desc(description)
                .get();
    }

    private static Option value(String letter, String name, String label, String description) {
        return Option.builder(letter)
                .longOpt(name)
                .hasArg()
                .argName(label)
                .desc(description)
                .get();
    }
}
