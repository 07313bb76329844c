package dev.starling.launcher;

import dev.starling.launcher.Options.AccessLogFlush;
import dev.starling.launcher.Options.DrainStrategy;
import dev.starling.launcher.Options.Draining;
import dev.starling.launcher.Options.HotRestart;
import dev.starling.launcher.Options.Identity;
import dev.starling.launcher.Options.Ignored;
import dev.starling.launcher.Options.IpVersion;
import dev.starling.launcher.Options.Mode;
import dev.starling.launcher.Options.Source;
import dev.starling.launcher.Options.UnknownFields;
import dev.starling.launcher.log.LogFormat;
import dev.starling.launcher.log.LogLevel;
import dev.starling.launcher.log.Logging;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** Makes {@link Options} of the flags that were given and Envoy's defaults, with Envoy's complaints. */
final class FlagReader {

    /** Past 32 bits Envoy refuses a number; past this a duration in milliseconds would not fit a timer. */
    private static final long LARGEST = 0xFFFF_FFFFL;

    /** Event loops beyond this are a typing error: each has buffers and a thread of its own. */
    private static final int MOST_LOOPS = 1024;

    private static final String REPEATABLE = "stats-tag";
    private static final Pattern STATS_TAG = Pattern.compile("([A-Za-z0-9_]+):([^.]+)");

    private final CommandLine given;
    private final int cores;

    FlagReader(CommandLine given, int cores) {
        this.given = given;
        this.cores = cores;
    }

    Options options() throws BadFlagException {
        refuseRepetition();
        return new Options(
                new Source(path("config-path"), optional("config-yaml")),
                mode(),
                concurrency(),
                new Identity(text("service-cluster", ""), text("service-node", ""), text("service-zone", "")),
                new Draining(
                        seconds("drain-time-s", 600),
                        drainStrategy(),
                        seconds("shutdown-grace-s", 25),
                        seconds("parent-shutdown-time-s", 900)),
                log(),
                new UnknownFields(
                        is("allow-unknown-static-fields") || is("allow-unknown-fields"),
                        is("reject-unknown-dynamic-fields"),
                        is("ignore-unknown-dynamic-fields")),
                new AccessLogFlush(Duration.ofMillis(number("file-flush-interval-msec", 10_000, LARGEST)), (int)
                        number("file-flush-min-size-kb", 64, Integer.MAX_VALUE / 1024)),
                path("admin-address-path"),
                ipVersion(),
                list("disable-extensions"),
                statsTags(),
                is("skip-deprecated-logs"),
                hotRestart(),
                new Ignored(
                        is("cpuset-threads"),
                        is("enable-mutex-tracing"),
                        is("enable-core-dump"),
                        is("enable-fine-grain-logging"),
                        is("log-stacktrace-single-entry")));
    }

    DemoOptions demo() throws BadFlagException {
        return new DemoOptions(
                (int) number("port", 10_000, 65_535), (int) number("admin-port", 15_000, 65_535), options());
    }

    /** As Envoy does, because it cannot be told which of two values was meant. */
    private void refuseRepetition() throws BadFlagException {
        var seen = new HashSet<String>();
        for (Option flag : given.getOptions()) {
            if (!flag.getLongOpt().equals(REPEATABLE) && !seen.add(flag.getLongOpt())) {
                throw new BadFlagException("--" + flag.getLongOpt() + " is given twice");
            }
        }
    }

    private Mode mode() throws BadFlagException {
        return switch (text("mode", "serve")) {
            case "serve" -> Mode.SERVE;
            case "validate" -> Mode.VALIDATE;
            case "init_only" -> Mode.INIT_ONLY;
            case String other -> throw new BadFlagException("unknown mode '" + other + "'");
        };
    }

    private int concurrency() throws BadFlagException {
        return (int) Math.max(1, number("concurrency", cores, MOST_LOOPS));
    }

    private DrainStrategy drainStrategy() throws BadFlagException {
        return switch (text("drain-strategy", "gradual")) {
            case "gradual" -> DrainStrategy.GRADUAL;
            case "immediate" -> DrainStrategy.IMMEDIATE;
            case String other -> throw new BadFlagException("unknown drain-strategy '" + other + "'");
        };
    }

    private IpVersion ipVersion() throws BadFlagException {
        return switch (text("local-address-ip-version", "v4")) {
            case "v4" -> IpVersion.V4;
            case "v6" -> IpVersion.V6;
            case String other -> throw new BadFlagException("unknown IP address version '" + other + "'");
        };
    }

    private Options.Log log() throws BadFlagException {
        boolean escaped = is("log-format-escaped");
        return new Options.Log(
                level(text("log-level", "info")),
                componentLevels(),
                LogFormat.of(text("log-format", LogFormat.ENVOY), escaped),
                escaped,
                path("log-path"));
    }

    private Map<String, LogLevel> componentLevels() throws BadFlagException {
        var levels = new LinkedHashMap<String, LogLevel>();
        for (String entry : list("component-log-level")) {
            String[] parts = entry.split(":", -1);
            if (parts.length != 2) {
                throw new BadFlagException("component log level not correctly specified '" + entry + "'");
            }
            if (!Logging.isComponent(parts[0])) {
                throw new BadFlagException("invalid component specified '" + parts[0] + "'");
            }
            levels.put(parts[0], level(parts[1]));
        }
        if (!levels.isEmpty() && is("enable-fine-grain-logging")) {
            throw new BadFlagException("--component-log-level will not work with --enable-fine-grain-logging");
        }
        return levels;
    }

    private static LogLevel level(String name) throws BadFlagException {
        return LogLevel.named(name)
                .orElseThrow(() -> new BadFlagException("invalid log level specified '" + name + "'"));
    }

    private Map<String, String> statsTags() throws BadFlagException {
        var tags = new LinkedHashMap<String, String>();
        String[] values = given.getOptionValues(REPEATABLE);
        for (String tag : values == null ? new String[0] : values) {
            var matcher = STATS_TAG.matcher(tag);
            if (!matcher.matches()) {
                throw new BadFlagException("misformatted stats-tag '" + tag + "'");
            }
            tags.putIfAbsent(matcher.group(1), matcher.group(2));
        }
        return tags;
    }

    private HotRestart hotRestart() throws BadFlagException {
        int epoch = (int) number("restart-epoch", 0, Integer.MAX_VALUE);
        boolean dynamic = is("use-dynamic-base-id");
        if (dynamic && epoch != 0) {
            throw new BadFlagException("cannot use --restart-epoch=" + epoch + " with --use-dynamic-base-id");
        }
        return new HotRestart(
                is("disable-hot-restart"),
                number("base-id", 0, LARGEST),
                dynamic,
                path("base-id-path"),
                epoch,
                is("skip-hot-restart-on-no-parent"),
                is("skip-hot-restart-parent-stats"),
                text("socket-path", "@envoy_domain_socket"),
                socketMode());
    }

    private int socketMode() throws BadFlagException {
        String mode = text("socket-mode", "600");
        try {
            return Integer.parseInt(mode, 8);
        } catch (NumberFormatException e) {
            throw new BadFlagException("--socket-mode: '" + mode + "' is not an octal file mode");
        }
    }

    private Duration seconds(String name, long otherwise) throws BadFlagException {
        return Duration.ofSeconds(number(name, otherwise, LARGEST));
    }

    private long number(String name, long otherwise, long largest) throws BadFlagException {
        String value = text(name, "");
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= 0 && number <= largest) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        throw new BadFlagException("--" + name + ": '" + value + "' is not a number from 0 to " + largest);
    }

    private boolean is(String name) {
        return given.hasOption(name);
    }

    private Optional<Path> path(String name) throws BadFlagException {
        String value = text(name, "");
        try {
            return value.isEmpty() ? Optional.empty() : Optional.of(Path.of(value));
        } catch (InvalidPathException e) {
            throw new BadFlagException("--" + name + ": '" + value + "' is not a path: " + e.getReason());
        }
    }

    private List<String> list(String name) {
        return optional(name).map(value -> Arrays.asList(value.split(",", -1))).orElse(List.of());
    }

    private Optional<String> optional(String name) {
        return Optional.of(text(name, "")).filter(value -> !value.isEmpty());
    }

    private String text(String name, String otherwise) {
        return given.getOptionValue(name, otherwise);
    }
}
