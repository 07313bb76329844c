package dev.starling.admin;

import dev.starling.config.proto.print.JsonWriter;
import dev.starling.config.proto.print.TreeWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Small JSON pages, written at once. */
final class JsonPage {

    private JsonPage() {}

    /** Writes members of an object, or all of a page. */
    @FunctionalInterface
    interface Members {
        void write(TreeWriter out) throws IOException;
    }

    static AdminResponse of(Members members) {
        return page(out -> {
            out.beginObject();
            members.write(out);
            out.endObject();
        });
    }

    /** A page that is one value. */
    static AdminResponse value(Object value) {
        return page(out -> value(value, out));
    }

    private static AdminResponse page(Members content) {
        StringBuilder page = new StringBuilder();
        try {
            content.write(new JsonWriter(page));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to a string", e);
        }
        return AdminResponse.json(page.append('\n').toString());
    }

    static void member(String name, Object value, TreeWriter out) throws IOException {
        out.name(name);
        value(value, out);
    }

    /** Maps, lists, numbers and booleans as JSON has them, an empty optional as null, all else as text. */
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
            case Optional<?> absent when absent.isEmpty() -> out.literal("null");
            case Boolean truth -> out.literal(truth.toString());
            default -> out.string(value.toString());
        }
    }
}
