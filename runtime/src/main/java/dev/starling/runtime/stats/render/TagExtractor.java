package dev.starling.runtime.stats.render;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Splits names into a family and labels, as Envoy's tag producer does: every rule looks at the whole name, and what
 * they found is cut out at the end. Used by one thread at a time.
 */
public final class TagExtractor {

    private final List<TagRule> anyPrefix = new ArrayList<>();
    private final Map<String, List<TagRule>> byPrefix = new HashMap<>();
    private final NameTokens tokens = new NameTokens();

    public TagExtractor() {
        this(EnvoyTags.ALL);
    }

    TagExtractor(List<TagRule> rules) {
        for (TagRule rule : rules) {
            if (rule.prefix().isEmpty()) {
                anyPrefix.add(rule);
            } else {
                byPrefix.computeIfAbsent(rule.prefix(), prefix -> new ArrayList<>())
                        .add(rule);
            }
        }
    }

    public ExtractedName extract(String name) {
        tokens.of(name);
        List<Tag> tags = new ArrayList<>(4);
        List<TagRule.Cut> cuts = new ArrayList<>(4);
        find(anyPrefix, tags, cuts);
        find(byPrefix.getOrDefault(tokens.text(0), List.of()), tags, cuts);
        return new ExtractedName(without(name, cuts), tags);
    }

    private void find(List<TagRule> rules, List<Tag> tags, List<TagRule.Cut> cuts) {
        for (TagRule rule : rules) {
            TagRule.Cut cut = rule.find(tokens);
            if (cut != null) {
                tags.add(new Tag(rule.tag(), tokens.name().substring(cut.valueStart(), cut.valueEnd())));
                cuts.add(cut);
            }
        }
    }

    private static String without(String name, List<TagRule.Cut> cuts) {
        if (cuts.isEmpty()) {
            return name;
        }
        cuts.sort(Comparator.comparingInt(TagRule.Cut::start));
        StringBuilder rest = new StringBuilder(name.length());
        int at = 0;
        for (TagRule.Cut cut : cuts) {
            if (cut.start() > at) {
                rest.append(name, at, cut.start());
            }
            at = Math.max(at, cut.end());
        }
        return rest.append(name, at, name.length()).toString();
    }
}
