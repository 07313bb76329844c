package dev.starling.config.proto.print;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** JSON indented by one space a level, as Envoy's admin pages have it. */
public final class JsonWriter implements TreeWriter {

    private final Appendable out;
    /** For each open object or list: whether it has a member yet. */
    private final Deque<Boolean> open = new ArrayDeque<>();

    private boolean afterName;

    public JsonWriter(Appendable out) {
        this.out = out;
    }

    @Override
    public void beginObject() throws IOException {
        begin('{');
    }

    @Override
    public void endObject() throws IOException {
        end('}');
    }

    @Override
    public void beginList() throws IOException {
        begin('[');
    }

    @Override
    public void endList() throws IOException {
        end(']');
    }

    @Override
    public void name(String key) throws IOException {
        member();
        JsonText.quote(key, out);
        out.append(": ");
        afterName = true;
    }

    @Override
    public void string(String value) throws IOException {
        member();
        JsonText.quote(value, out);
    }

    @Override
    public void literal(String text) throws IOException {
        member();
        out.append(text);
    }

    private void begin(char bracket) throws IOException {
        member();
        out.append(bracket);
        open.push(false);
    }

    private void end(char bracket) throws IOException {
        if (open.pop()) {
            newLine();
        }
        out.append(bracket);
    }

    /** Sets a member off from the one before, unless it is the value of a name just written. */
    private void member() throws IOException {
        if (afterName) {
            afterName = false;
            return;
        }
        if (open.isEmpty()) {
            return;
        }
        if (open.pop()) {
            out.append(',');
        }
        open.push(true);
        newLine();
    }

    private void newLine() throws IOException {
        out.append('\n').append(" ".repeat(open.size()));
    }
}
