package dev.starling.launcher;

import dev.starling.launcher.Flags.Section;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;

/** What {@code --help} and {@code completion} print. */
final class HelpText {

    private static final int COLUMN = 40;

    private static final String HEAD = """
            Usage: starling -c FILE [FLAG...]
                   starling demo [--port PORT] [--admin-port PORT]
                   starling config print -c FILE
                   starling completion bash|zsh

            Runs an Envoy v3 bootstrap, with Envoy's flags: --flag value or --flag=value.
            """;

    private static final String FOOT = """

            Exit codes: 0 ended as told, 1 bad flag or configuration, 2 no JDK 25 or newer.
            """;

    private static final String ZSH_HEAD = """
            autoload -U +X compinit && compinit
            autoload -U +X bashcompinit && bashcompinit
            """;

    private static final String COMPLETION = """
            _starling() {
                local word=${COMP_WORDS[COMP_CWORD]}
                case "$word" in
                    -*) COMPREPLY=($(compgen -W "@flags@" -- "$word")) ;;
                    *) COMPREPLY=($(compgen -f -- "$word"))
                       [ "$COMP_CWORD" = 1 ] && COMPREPLY+=($(compgen -W "demo config completion" -- "$word")) ;;
                esac
            }
            complete -o filenames -F _starling starling
            """;

    private HelpText() {}

    static String of(List<Section> sections) {
        var text = new StringBuilder(HEAD);
        for (Section section : sections) {
            text.append('\n').append(section.heading()).append(":\n");
            section.flags().forEach(flag -> text.append(line(flag)));
        }
        return text.append(FOOT).toString();
    }

    private static String line(Option flag) {
        String names = (flag.getOpt() == null ? "      --" : "  -" + flag.getOpt() + ", --")
                + flag.getLongOpt()
                + (flag.hasArg() ? " " + flag.getArgName() : "");
        String gap = names.length() < COLUMN ? " ".repeat(COLUMN - names.length()) : "\n" + " ".repeat(COLUMN);
        return names + gap + flag.getDescription() + "\n";
    }

    /** A script for one of the shells. */
    static String completion(String shell) throws BadFlagException {
        String flags = Flags.starling().stream()
                .flatMap(section -> section.flags().stream())
                .map(flag -> "--" + flag.getLongOpt())
                .collect(Collectors.joining(" "));
        String script = COMPLETION.replace("@flags@", flags);
        return switch (shell) {
            case "bash" -> script;
            case "zsh" -> ZSH_HEAD + script;
            default -> throw new BadFlagException("no completion for '" + shell + "', only for bash and zsh");
        };
    }
}
