package dev.starling.runtime.accesslog;

/** Literals and fields one after the other. */
final class TextFormatter implements Formatter {

    private final Field[] fields;
    /** What stands for a missing value: a dash, or nothing. */
    private final String missing;

    TextFormatter(Field[] fields, String missing) {
        this.fields = fields;
        this.missing = missing;
    }

    @Override
    public void format(StreamInfo info, HeaderView request, HeaderView response, StringBuilder out) {
        for (Field field : fields) {
            if (!field.append(info, request, response, out)) {
                out.append(missing);
            }
        }
    }
}
