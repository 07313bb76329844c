package dev.starling.runtime.accesslog;

import java.util.function.Function;

/** An operator whose value is JSON already; empty if there is none. */
record JsonField(Function<StreamInfo, String> json) implements Field {

    @Override
    public boolean append(StreamInfo info, HeaderView request, HeaderView response, StringBuilder out) {
        String value = json.apply(info);
        out.append(value);
        return !value.isEmpty();
    }

    @Override
    public boolean isJson() {
        return true;
    }
}
