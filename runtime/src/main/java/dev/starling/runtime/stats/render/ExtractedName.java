package dev.starling.runtime.stats.render;

import java.util.List;

/** What is left of a stat's name without its tags, and the tags. */
public record ExtractedName(String name, List<Tag> tags) {
    public ExtractedName {
        tags = List.copyOf(tags);
    }
}
