package dev.starling.config.proto.print;

import com.google.re2j.Pattern;
import dev.starling.config.proto.source.YamlScalar;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Block YAML as Envoy's documentation writes it: two spaces a level, list items below their key. */
public final class YamlWriter implements TreeWriter {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/]([A-Za-z0-9_./@%+:-]*[A-Za-z0-9_/])?");
    /** Or a date or time, for readers of YAML 1.1. */
    private static final Pattern LIKE_A_NUMBER =
            Pattern.compile("[-+]?[0-9_]*[.]?[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+(?::[0-9]+)+|0[xob].*|[0-9]{4}-.*");

    private final Appendable out;
    private final Deque<Frame> open = new ArrayDeque<>();

    public YamlWriter(Appendable out) {
        this.out = out;
    }

    /** An open object or list. Its first member may go on the line where it was opened. */
    private static final class Frame {
        final boolean isList;
        final int indent;
        final boolean startsInline;
        boolean isEmpty = true;

        Frame(boolean isList, int indent, boolean startsInline) {
            this.isList = isList;
            this.indent = indent;
            this.startsInline = startsInline;
        }
    }

    @Override
    public void beginObject() throws IOException {
        open.push(begin(false));
    }

    @Override
    public void endObject() throws IOException {
        end("{}");
    }

    @Override
    public void beginList() throws IOException {
        open.push(begin(true));
    }

    @Override
    public void endList() throws IOException {
        end("[]");
    }

    @Override
    public void name(String key) throws IOException {
        startMember(open.element());
        write(key);
        out.append(':');
    }

    @Override
    public void string(String value) throws IOException {
        startScalar();
        write(value);
        endRoot();
    }

    @Override
    public void literal(String text) throws IOException {
        startScalar();
        out.append(text);
        endRoot();
    }

    private Frame begin(boolean isList) throws IOException {
        var around = open.peek();
        if (around == null) {
            return new Frame(isList, 0, true);
        }
        if (around.isList) {
            startMember(around);
            out.append("- ");
            return new Frame(isList, around.indent + 2, true);
        }
        return new Frame(isList, isList ? around.indent : around.indent + 2, false);
    }

    private void end(String empty) throws IOException {
        var ended = open.pop();
        if (ended.isEmpty) {
            out.append(ended.startsInline ? "" : " ").append(empty);
        }
        endRoot();
    }

    private void startScalar() throws IOException {
        var around = open.peek();
        if (around == null) {
            return;
        }
        if (around.isList) {
            startMember(around);
            out.append("- ");
        } else {
            out.append(' ');
        }
    }

    private void startMember(Frame around) throws IOException {
        if (!around.isEmpty || !around.startsInline) {
            out.append('\n').append(" ".repeat(around.indent));
        }
        around.isEmpty = false;
    }

    private void endRoot() throws IOException {
        if (open.isEmpty()) {
            out.append('\n');
        }
    }

    /** In quotes unless every reader of YAML takes it for the same string. */
    private void write(String text) throws IOException {
        if (PLAIN.matches(text) && !LIKE_A_NUMBER.matches(text) && YamlScalar.isString(text)) {
            out.append(text);
        } else {
            JsonText.quote(text, out);
        }
    }
}
