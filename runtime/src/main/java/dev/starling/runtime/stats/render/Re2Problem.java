package dev.starling.runtime.stats.render;

import com.google.re2j.PatternSyntaxException;

/** What is wrong with a regular expression, in the words of RE2 where RE2/J has others. */
public final class Re2Problem {

    private Re2Problem() {}

    /** @param expression what could not be compiled */
    public static String text(PatternSyntaxException problem, String expression) {
        String part = problem.getPattern();
        return switch (problem.getDescription()) {
            case "missing closing )" -> "missing ): " + expression;
            case "missing closing ]" -> "missing ]: " + part;
            case "missing argument to repetition operator" -> "no argument for repetition operator: " + part;
            case "invalid nested repetition operator" -> "bad repetition operator: " + part;
            case "invalid repeat count" -> "invalid repetition size: " + part;
            case "invalid or unsupported Perl syntax" -> "invalid perl operator: " + part;
            case "invalid named capture" -> "invalid named capture group: " + part;
            case "trailing backslash at end of expression" -> "trailing \\";
            case "regexp/syntax: internal error" -> "unexpected ): " + expression;
            default -> problem.getDescription() + ": " + part;
        };
    }
}
