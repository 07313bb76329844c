package dev.starling.launcher;

import dev.starling.launcher.log.LogFormat;
import java.util.List;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Every flag with its names, its kind and its line of help. {@link FlagReader} makes {@link Options} of what was given. */
final class Flags {

    private static final int HELP_WIDTH = 110;

    private Flags() {}

    static CommandSpec starling() {
        var spec = CommandSpec.create()
                .name("starling")
                .usageMessage(new UsageMessageSpec()
                        .width(HELP_WIDTH)
                        .autoWidth(false)
                        .customSynopsis(
                                "starling -c FILE [FLAG...]",
                                "starling demo [--port PORT] [--admin-port PORT]",
                                "starling config print -c FILE",
                                "starling completion bash|zsh")
                        .description("", "Runs an Envoy v3 bootstrap, with Envoy's flags.")
                        .footer("", "Exit codes: 0 ended as told, 1 bad flag or configuration, 2 no JDK 25 or newer."));
        add(spec, 1, "Configuration", configuration());
        add(spec, 2, "Running", running());
        add(spec, 3, "Stopping and draining", stopping());
        add(spec, 4, "Node", identity());
        add(spec, 5, "Application log", log());
        add(spec, 6, "Accepted so that Envoy's command lines work, without effect", withoutEffect());
        add(
                spec,
                7,
                "Help",
                List.of(flag("--version", "print the version and end"), flag("--help", "-h", "print this and end")));
        spec.addOption(OptionSpec.builder("--aot-training")
                .arity("0")
                .type(boolean.class)
                .hidden(true)
                .build());
        spec.addSubcommand("demo", demo());
        spec.addSubcommand(
                "config",
                CommandSpec.create()
                        .name("config")
                        .usageMessage(new UsageMessageSpec().description("Works on configurations."))
                        .addSubcommand("print", print()));
        spec.addSubcommand(
                "completion",
                CommandSpec.create()
                        .name("completion")
                        .usageMessage(new UsageMessageSpec().description("Prints the completion script of a shell."))
                        .addPositional(PositionalParamSpec.builder()
                                .paramLabel("bash|zsh")
                                .index("0")
                                .arity("1")
                                .type(String.class)
                                .build()));
        return spec;
    }

    private static CommandSpec demo() {
        var spec = CommandSpec.create()
                .name("demo")
                .usageMessage(new UsageMessageSpec()
                        .width(HELP_WIDTH)
                        .description(
                                "Runs a proxy over three built-in upstreams, with its admin page, to try things on."));
        spec.addOption(number("--port", "PORT", "where the proxy listens on loopback; default 10000"));
        spec.addOption(number("--admin-port", "PORT", "where the admin page is, on loopback; default 15000"));
        spec.addOption(concurrency());
        spec.addOption(shutdownGrace());
        log().forEach(spec::addOption);
        spec.addOption(flag("--help", "-h", "print this and end"));
        return spec;
    }

    private static CommandSpec print() {
        var spec = CommandSpec.create()
                .name("print")
                .usageMessage(new UsageMessageSpec()
                        .width(HELP_WIDTH)
                        .description("Checks a configuration and prints it as Envoy YAML."));
        configuration().forEach(spec::addOption);
        identity().forEach(spec::addOption);
        spec.addOption(flag("--help", "-h", "print this and end"));
        return spec;
    }

    private static void add(CommandSpec spec, int order, String heading, List<OptionSpec> options) {
        var group = ArgGroupSpec.builder()
                .heading("%n" + heading + ":%n")
                .order(order)
                .exclusive(false)
                .validate(false);
        options.forEach(group::addArg);
        spec.addArgGroup(group.build());
    }

    private static List<OptionSpec> configuration() {
        return List.of(
                text("--config-path", "-c", "FILE", "bootstrap in YAML, JSON or HOCON, by its extension"),
                text("--config-yaml", "YAML", "bootstrap on the command line, merged over the file"),
                flag("--allow-unknown-static-fields", "unknown fields in the bootstrap are skipped, not refused"),
                flag("--allow-unknown-fields", "the old name of --allow-unknown-static-fields"),
                flag("--reject-unknown-dynamic-fields", "unknown fields in dynamic resources are refused"),
                flag("--ignore-unknown-dynamic-fields", "they are skipped without a warning or a count"),
                flag("--skip-deprecated-logs", "no warning for deprecated fields"),
                text("--disable-extensions", "NAMES", "comma-separated; a configuration that uses one is refused"));
    }

    private static List<OptionSpec> running() {
        return List.of(
                text("--mode", "MODE", "serve (default), validate: check the configuration and end, or init_only"),
                concurrency(),
                text("--local-address-ip-version", "VERSION", "v4 (default) or v6"),
                text("--admin-address-path", "FILE", "where to write the admin server's address once it is known"),
                OptionSpec.builder("--stats-tag")
                        .paramLabel("TAG:VALUE")
                        .arity("1")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .description("a tag on every statistic; may be repeated")
                        .build(),
                number("--file-flush-interval-msec", "MS", "how often access log files are written; default 10000"),
                number("--file-flush-min-size-kb", "KB", "how much an access log gathers at most; default 64"));
    }

    private static List<OptionSpec> stopping() {
        return List.of(
                shutdownGrace(),
                number("--drain-time-s", "S", "for changed and removed listeners; default 600"),
                text("--drain-strategy", "STRATEGY", "gradual (default): more and more of them close, or immediate"));
    }

    private static List<OptionSpec> identity() {
        return List.of(
                text("--service-cluster", "NAME", "node.cluster, if the bootstrap has none"),
                text("--service-node", "NAME", "node.id, if the bootstrap has none"),
                text("--service-zone", "NAME", "node.locality.zone, if the bootstrap has none"));
    }

    private static List<OptionSpec> log() {
        return List.of(
                text("--log-level", "-l", "LEVEL", "trace, debug, info (default), warning, error, critical, off"),
                text("--component-log-level", "LEVELS", "such as upstream:debug,config:trace"),
                text("--log-format", "FORMAT", "in spdlog's syntax; default " + LogFormat.ENVOY.replace("%", "%%")),
                flag("--log-format-escaped", "control characters in messages are written as in C"),
                text("--log-path", "FILE", "the log goes there and not to standard error"));
    }

    private static List<OptionSpec> withoutEffect() {
        return List.of(
                number("--base-id", "ID", "there is no shared memory to number"),
                flag("--use-dynamic-base-id", "the same"),
                text("--base-id-path", "FILE", "the base id is written there"),
                number("--restart-epoch", "N", "there is no hot restart"),
                flag("--hot-restart-version", "prints that it is disabled and ends"),
                flag("--disable-hot-restart", "it is"),
                flag("--skip-hot-restart-on-no-parent", "there is no parent"),
                flag("--skip-hot-restart-parent-stats", "the same"),
                number("--parent-shutdown-time-s", "S", "the same; default 900"),
                text("--socket-path", "PATH", "of hot restart"),
                text("--socket-mode", "MODE", "of hot restart"),
                flag("--cpuset-threads", "the JVM always counts the cores it may use"),
                flag("--enable-mutex-tracing", "the JVM's own tools do that"),
                flag("--enable-core-dump", "the same"),
                flag("--enable-fine-grain-logging", "levels go by component"),
                flag("--log-stacktrace-single-entry", "a stack trace always is one entry"));
    }

    private static OptionSpec concurrency() {
        return number("--concurrency", "N", "event loops; default: as many as cores");
    }

    private static OptionSpec shutdownGrace() {
        return number(
                "--shutdown-grace-s",
                "S",
                "how long SIGTERM lets exchanges in flight go on; default 25, 0 stops at once as Envoy does");
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .arity("0")
                .type(boolean.class)
                .description(description)
                .build();
    }

    private static OptionSpec flag(String name, String shortName, String description) {
        return OptionSpec.builder(shortName, name)
                .arity("0")
                .type(boolean.class)
                .description(description)
                .build();
    }

    private static OptionSpec text(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .arity("1")
                .type(String.class)
                .description(description)
                .build();
    }

    private static OptionSpec text(String name, String shortName, String label, String description) {
        return OptionSpec.builder(shortName, name)
                .paramLabel(label)
                .arity("1")
                .type(String.class)
                .description(description)
                .build();
    }

    /** Checked by {@link FlagReader}, so that all complaints read alike. */
    private static OptionSpec number(String name, String label, String description) {
        return text(name, label, description);
    }
}
