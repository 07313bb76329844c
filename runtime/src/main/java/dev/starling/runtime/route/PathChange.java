package dev.starling.runtime.route;

/** What a rewrite or redirect makes of a path with its query; the query stays. */
@FunctionalInterface
interface PathChange {

    PathChange NONE = path -> path;

    String apply(String path);

    /** Replaces the part that the route's path specifier matched. */
    static PathChange ofPrefix(PathMatch match, String replacement) {
        return path -> replacement + path.substring(Math.min(match.matchedLength(path), path.length()));
    }

    static PathChange ofRegex(Substitution substitution) {
        return path -> {
            int end = PathMatch.pathEnd(path);
            return substitution.replaceAll(path.substring(0, end)) + path.substring(end);
        };
    }
}
