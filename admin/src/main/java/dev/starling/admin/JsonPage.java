package dev.starling.admin;

import dev.starling.config.proto.print.JsonWriter;
import dev.starling.config.proto.print.TreeWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Small JSON pages, written at once. */
final class JsonPage {

    private JsonPage() {}

    /** Writes the members of the object that is the page. */
    @FunctionalInterface
    interface Members {
        void write(TreeWriter out) throws IOException;
    }

    static AdminResponse of(Members members) {
        StringBuilder page = new StringBuilder();
        TreeWriter out = new JsonWriter(page);
        try {
            out.beginObject();
            members.write(out);
            out.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to a string", e);
        }
        return AdminResponse.json(page.append('\n').toString());
    }

    static void member(String name, Object value, TreeWriter out) throws IOException {
        out.name(name);
        value(value, out);
    }

    /** Maps, lists, numbers and booleans as JSON has them, all else as text. */
    static void value(Object value, TreeWriter out) throws IOException {
        switch (value) {
            case Map<?, ?> map -> {
                out.beginObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    member(String.valueOf(entry.getKey()), entry.getValue(), out);
                }
                out.endObject();
            }
            case List<?> list -> {
                out.beginList();
                for (Object element : list) {
                    value(element, out);
                }
                out.endList();
            }
            case Double number
            when number == Math.rint(number) && Math.abs(number) < 1L << 53 ->
                out.literal(Long.toString(number.longValue()));
            case Double number when !Double.isFinite(number) -> out.string(number.toString());
            case Number number -> out.literal(number.toString());
            case Boolean truth -> out.literal(truth.toString());
            default -> out.string(value.toString());
        }
    }
}
