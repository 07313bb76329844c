package dev.starling.launcher;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.launcher.Flags.Section;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/** From the words of a command line to an exit code: parses them, asks the {@link Runner}, reports what went wrong. */
public final class Starling {

    private static final int OK = 0;
    private static final int FAILED = 1;

    private final Runner runner;
    private final int cores;
    private final PrintStream out;
    private final PrintStream err;

    /** @param cores how many event loops there are when nobody says */
    public Starling(Runner runner, int cores, PrintStream out, PrintStream err) {
        this.runner = runner;
        this.cores = cores;
        this.out = out;
        this.err = err;
    }

    /** Never throws for what a person typed or wrote: that is one line a problem on standard error, and exit code 1. */
    public int run(String... words) {
        try {
            return dispatch(words);
        } catch (BadFlagException e) {
            return fail(e.complaint());
        } catch (InvalidConfigException e) {
            e.problems().stream().map(Problem::toString).forEach(this::fail);
            return FAILED;
        } catch (IOException e) {
            return fail(complaint(e));
        }
    }

    private int dispatch(String... words) throws BadFlagException, InvalidConfigException, IOException {
        String command = words.length == 0 ? "" : words[0];
        return switch (command) {
            case "demo" -> {
                var given = parse(Flags.demo(), rest(words, 1));
                yield help(Flags.demo(), given) ? OK : runner.demo(new FlagReader(given, cores).demo());
            }
            case "config" -> {
                if (words.length < 2 || !words[1].equals("print")) {
                    throw new BadFlagException("config: only 'config print' is known; see --help");
                }
                var given = parse(Flags.print(), rest(words, 2));
                yield help(Flags.print(), given) ? OK : printConfig(new FlagReader(given, cores).options());
            }
            case "completion" -> {
                out.print(HelpText.completion(words.length == 2 ? words[1] : ""));
                yield OK;
            }
            default -> {
                var given = parse(Flags.starling(), words);
                yield help(Flags.starling(), given) ? OK : runProxy(given, new FlagReader(given, cores).options());
            }
        };
    }

    private boolean help(List<Section> flags, CommandLine given) {
        if (given.hasOption("help")) {
            out.print(HelpText.of(flags));
        } else if (given.hasOption("version")) {
            var version = Version.current();
            out.println("starling  version: " + version.inEnvoysShape() + " (Envoy API " + Version.ENVOY_API + ")");
        } else {
            return false;
        }
        return true;
    }

    private int runProxy(CommandLine given, Options options)
            throws BadFlagException, InvalidConfigException, IOException {
        if (given.hasOption("hot-restart-version")) {
            out.println("disabled");
            return OK;
        }
        if (given.hasOption("aot-training")) {
            return runner.train(options);
        }
        requireSource(options);
        return switch (options.mode()) {
            case VALIDATE -> {
                int code = runner.validate(options);
                if (code == OK) {
                    out.println("configuration '" + options.source().name() + "' OK");
                }
                yield code;
            }
            case SERVE, INIT_ONLY -> {
                writeBaseId(options.hotRestart());
                yield runner.serve(options);
            }
        };
    }

    private int printConfig(Options options) throws BadFlagException, InvalidConfigException, IOException {
        requireSource(options);
        return runner.printConfig(options);
    }

    private static void requireSource(Options options) throws BadFlagException {
        if (options.source().isEmpty()) {
            throw new BadFlagException("no configuration: name one with -c FILE or --config-yaml YAML; see --help");
        }
    }

    private static void writeBaseId(Options.HotRestart hotRestart) throws IOException {
        if (hotRestart.baseIdPath().isPresent()) {
            Files.writeString(hotRestart.baseIdPath().get(), Long.toString(hotRestart.baseId()));
        }
    }

    private static CommandLine parse(List<Section> flags, String... words) throws BadFlagException {
        var parser = DefaultParser.builder()
                .setAllowPartialMatching(false)
                .setStripLeadingAndTrailingQuotes(false)
                .get();
        try {
            var given = parser.parse(Flags.all(flags), beforeIgnoredRest(words));
            if (!given.getArgList().isEmpty()) {
                throw new BadFlagException(
                        "unexpected argument " + given.getArgList().getFirst() + "; see --help");
            }
            return given;
        } catch (UnrecognizedOptionException e) {
            throw new BadFlagException("unknown flag " + e.getOption().replaceFirst("=.*", "") + "; see --help");
        } catch (MissingArgumentException e) {
            throw new BadFlagException("no value for --" + e.getOption().getLongOpt() + "; see --help");
        } catch (ParseException e) {
            throw new BadFlagException(e.getMessage() + "; see --help");
        }
    }

    private static String[] rest(String[] words, int from) {
        return Arrays.copyOfRange(words, from, words.length);
    }

    /** Envoy's {@code --}: what follows is not looked at. */
    private static String[] beforeIgnoredRest(String[] words) {
        for (int i = 0; i < words.length; i++) {
            if (words[i].equals("--") || words[i].equals("--ignore_rest")) {
                return Arrays.copyOf(words, i);
            }
        }
        return words;
    }

    private int fail(String message) {
        err.println("starling: " + message);
        return FAILED;
    }

    /** The JDK's exceptions for files carry a bare path as their message. */
    private static String complaint(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
