package dev.starling.launcher;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

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
        var commandLine = new CommandLine(Flags.starling());
        commandLine.setExpandAtFiles(false); // a socket path may begin with @
        try {
            return run(commandLine, commandLine.parseArgs(beforeIgnoredRest(words)));
        } catch (ParameterException e) {
            return fail(complaint(e) + "; see --help");
        } catch (BadFlagException e) {
            return fail(e.complaint());
        } catch (InvalidConfigException e) {
            e.problems().stream().map(Problem::toString).forEach(this::fail);
            return FAILED;
        } catch (IOException e) {
            return fail(complaint(e));
        }
    }

    private int run(CommandLine commandLine, ParseResult given)
            throws BadFlagException, InvalidConfigException, IOException {
        ParseResult last = given;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (last.hasMatchedOption("--help")) {
            last.commandSpec().commandLine().usage(out);
            return OK;
        }
        var reader = new FlagReader(last, cores);
        return switch (last.commandSpec().qualifiedName()) {
            case "starling" -> runProxy(last, reader.options());
            case "starling demo" -> runner.demo(reader.demo());
            case "starling config print" -> printConfig(reader.options());
            case "starling completion" -> completion(commandLine, last.matchedPositionalValue(0, ""));
            case String group -> throw new BadFlagException(group + ": what? See " + group + " --help");
        };
    }

    private int runProxy(ParseResult given, Options options)
            throws BadFlagException, InvalidConfigException, IOException {
        if (given.hasMatchedOption("--version")) {
            var version = Version.current();
            out.println("starling  version: " + version.inEnvoysShape() + " (Envoy API " + Version.ENVOY_API + ")");
            return OK;
        }
        if (given.hasMatchedOption("--hot-restart-version")) {
            out.println("disabled");
            return OK;
        }
        if (given.hasMatchedOption("--aot-training")) {
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

    private int completion(CommandLine commandLine, String shell) throws BadFlagException {
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw new BadFlagException("no completion for '" + shell + "', only for bash and zsh");
        }
        out.print(AutoComplete.bash("starling", commandLine)); // it finds out by itself which of the two runs it
        return OK;
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

    private static String complaint(ParameterException e) {
        return switch (e) {
            case UnmatchedArgumentException unmatched -> unknown(unmatched);
            case MissingParameterException missing
            when !missing.getMissing().isEmpty() ->
                "no value for " + longest(missing.getMissing().getFirst());
            default -> String.valueOf(e.getMessage());
        };
    }

    private static String unknown(UnmatchedArgumentException e) {
        String word = e.getUnmatched().getFirst();
        int end = word.indexOf('=');
        String name = end < 0 || !word.startsWith("-") ? word : word.substring(0, end);
        return (name.startsWith("-") ? "unknown flag " : "unexpected argument ") + name;
    }

    private static String longest(CommandLine.Model.ArgSpec argument) {
        return argument.isOption() ? ((CommandLine.Model.OptionSpec) argument).longestName() : argument.paramLabel();
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
