package dev.starling.config.proto.source;

import java.util.ArrayList;
import java.util.List;

/** One step of a printed path, downwards: {@code a.b[3].c["key"]} has five. */
sealed interface PathStep {

    record Name(String name) implements PathStep {}

    record Index(int index) implements PathStep {}

    static List<PathStep> parse(String path) {
        var steps = new ArrayList<PathStep>();
        int at = 0;
        while (at < path.length()) {
            if (path.startsWith("[\"", at)) {
                var key = new StringBuilder();
                at = readKey(path, at + 2, key);
                steps.add(new Name(key.toString()));
            } else if (path.charAt(at) == '[') {
                int end = endOf(path, at, ']');
                String inside = path.substring(at + 1, end);
                steps.add(inside.matches("\\d{1,9}") ? new Index(Integer.parseInt(inside)) : new Name(inside));
                at = end + 1;
            } else if (path.charAt(at) == '.') {
                at++;
            } else {
                int end = Math.min(endOf(path, at, '.'), endOf(path, at, '['));
                steps.add(new Name(path.substring(at, end)));
                at = end;
            }
        }
        return steps;
    }

    private static int readKey(String path, int from, StringBuilder key) {
        int at = from;
        while (at < path.length() && path.charAt(at) != '"') {
            if (path.charAt(at) == '\\' && at + 1 < path.length()) {
                at++;
            }
            key.append(path.charAt(at++));
        }
        return Math.min(path.length(), at + 2);
    }

    private static int endOf(String path, int from, char end) {
        int at = path.indexOf(end, from);
        return at < 0 ? path.length() : at;
    }
}
