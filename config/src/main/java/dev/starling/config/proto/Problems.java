package dev.starling.config.proto;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.SourceLocation;
import dev.starling.config.proto.source.SourceMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects what is wrong with one configuration, from reading to translating, so that all of it is told at once. */
public final class Problems {

    /** More than a person reads; keeps a generated mistake in 10,000 clusters from becoming an error text of megabytes. */
    static final int MAX_KEPT = 500;

    private final SourceMap sources;
    private final Map<String, String> errors = new LinkedHashMap<>();
    private final Map<String, String> warnings = new LinkedHashMap<>();
    private final Set<String> placeholders = new HashSet<>();
    private boolean truncated;
    private int ignoredFields;

    public Problems(SourceMap sources) {
        this.sources = sources;
    }

    /** Of several errors at one place the first is kept: later ones are mostly its consequences. */
    public void error(FieldPath path, String message) {
        error(path.toString(), message);
    }

    public void error(String path, String message) {
        if (errors.size() < MAX_KEPT) {
            errors.putIfAbsent(path, message);
        } else {
            truncated = true;
        }
    }

    /** What stands here only holds the place of what could not be read, so nothing in it is worth an error of its own. */
    public void placeholder(FieldPath path) {
        placeholders.add(path.toString());
    }

    /** An error unless something at or below this place was wrong before: what could not be read is not also missing. */
    public void errorUnlessExplained(FieldPath path, String message) {
        String place = path.toString();
        boolean isInPlaceholder = placeholders.stream().anyMatch(around -> isAtOrBelow(place, around));
        if (!isInPlaceholder && !hasErrorsAtOrBelow(place)) {
            error(place, message);
        }
    }

    public void warning(FieldPath path, String message) {
        if (warnings.size() < MAX_KEPT) {
            warnings.putIfAbsent(path.toString(), message);
        }
    }

    /** A field was skipped because it is unknown or not supported: {@code server.dynamic_unknown_fields} counts these. */
    public void countIgnoredField() {
        ignoredFields++;
    }

    public int ignoredFields() {
        return ignoredFields;
    }

    /** Whether looking for more is of no use. */
    public boolean isFull() {
        return truncated;
    }

    /** Neither an error nor a warning, and nothing was skipped. */
    public boolean isEmpty() {
        return errors.isEmpty() && warnings.isEmpty() && ignoredFields == 0;
    }

    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    public boolean hasErrorsAtOrBelow(FieldPath path) {
        return hasErrors() && hasErrorsAtOrBelow(path.toString());
    }

    private boolean hasErrorsAtOrBelow(String place) {
        return errors.keySet().stream().anyMatch(path -> isAtOrBelow(path, place));
    }

    private static boolean isAtOrBelow(String path, String place) {
        if (!path.startsWith(place)) {
            return false;
        }
        return place.isEmpty()
                || path.length() == place.length()
                || path.charAt(place.length()) == '.'
                || path.charAt(place.length()) == '[';
    }

    /** In the order of the source, as far as it is known. */
    public List<Problem> errors() {
        var located = located(errors);
        if (truncated) {
            located.add(Problem.at("", "more than " + MAX_KEPT + " problems; the rest is not shown"));
        }
        return List.copyOf(located);
    }

    public List<Problem> warnings() {
        return warnings.isEmpty() ? List.of() : List.copyOf(located(warnings));
    }

    public void throwIfAny() throws InvalidConfigException {
        if (hasErrors()) {
            throw new InvalidConfigException(errors());
        }
    }

    private List<Problem> located(Map<String, String> messages) {
        var located = new ArrayList<Problem>(messages.size());
        messages.forEach((path, message) -> located.add(new Problem(path, message, sources.locate(path))));
        var files = sourcesInOrder(located);
        located.sort(Comparator.comparingInt((Problem problem) -> sourceIndex(files, problem))
                .thenComparingInt(
                        problem -> problem.location().map(SourceLocation::line).orElse(0))
                .thenComparingInt(problem ->
                        problem.location().map(SourceLocation::column).orElse(0)));
        return located;
    }

    private static List<String> sourcesInOrder(List<Problem> located) {
        return located.stream()
                .flatMap(problem -> problem.location().stream())
                .map(SourceLocation::source)
                .distinct()
                .toList();
    }

    private static int sourceIndex(List<String> files, Problem problem) {
        return problem.location().map(at -> files.indexOf(at.source())).orElse(files.size());
    }
}
