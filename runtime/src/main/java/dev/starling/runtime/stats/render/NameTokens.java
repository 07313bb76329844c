package dev.starling.runtime.stats.render;

import java.util.Arrays;

/** A stat's name and where its dots are. Reused for one name after the other. */
final class NameTokens {

    private String name = "";
    private int[] ends = new int[16];
    private int count;

    NameTokens of(String stat) {
        name = stat;
        count = 0;
        int dot;
        for (int at = 0; (dot = stat.indexOf('.', at)) >= 0; at = dot + 1) {
            add(dot);
        }
        add(stat.length());
        return this;
    }

    private void add(int end) {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
        }
        ends[count++] = end;
    }

    String name() {
        return name;
    }

    int count() {
        return count;
    }

    int start(int token) {
        return token == 0 ? 0 : ends[token - 1] + 1;
    }

    int end(int token) {
        return ends[token];
    }

    boolean is(int token, String text) {
        return end(token) - start(token) == text.length() && name.startsWith(text, start(token));
    }

    String text(int token) {
        return name.substring(start(token), end(token));
    }
}
