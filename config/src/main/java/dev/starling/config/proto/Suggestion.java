package dev.starling.config.proto;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** The nearest name to a misspelt one. */
public final class Suggestion {

    /** No name is longer; the comparison costs the product of the lengths. */
    private static final int LONGEST = 100;

    private Suggestion() {}

    /** {@code , did you mean `name`?} or nothing where no name is near. */
    public static String of(String misspelt, Collection<String> names) {
        if (misspelt.length() > LONGEST) {
            return "";
        }
        int near = Math.max(1, misspelt.length() / 3);
        return names.stream()
                .map(name -> new Candidate(name, distance(misspelt, name)))
                .filter(candidate -> candidate.distance() <= near)
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .map(candidate -> ", did you mean `" + candidate.name() + "`?")
                .orElse("");
    }

    private record Candidate(String name, int distance) {}

    /** Levenshtein's, ignoring case and underscores. */
    private static int distance(String one, String other) {
        String a = normalised(one);
        String b = normalised(other);
        var previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            var current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substituted, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }

    private static String normalised(String name) {
        return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }
}
