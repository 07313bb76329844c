package dev.starling.runtime.accesslog;

/** A field that JSON writes without quotes. */
record NumberField(Source source) implements Field {

    private static final long NANOS_A_MILLI = 1_000_000;

    /** Where the number comes from. */
    @FunctionalInterface
    interface Source {
        boolean append(StreamInfo info, StringBuilder out);
    }

    /** A number there always is. */
    @FunctionalInterface
    interface Value {
        long of(StreamInfo info);
    }

    static NumberField of(Value value) {
        return new NumberField((info, out) -> {
            out.append(value.of(info));
            return true;
        });
    }

    /** Milliseconds between two moments; nothing if one has not come. */
    static NumberField millis(Value from, Value to) {
        return new NumberField((info, out) -> {
            long start = from.of(info);
            long end = to.of(info);
            if (start == 0 || end == 0) {
                return false;
            }
            out.append((end - start) / NANOS_A_MILLI);
            return true;
        });
    }

    @Override
    public boolean append(StreamInfo info, HeaderView request, HeaderView response, StringBuilder out) {
        return source.append(info, out);
    }

    @Override
    public boolean isJson() {
        return true;
    }
}
