package dev.starling.runtime.accesslog;

/** An object on a line of its own. */
final class JsonFormatter implements Formatter {

    private final JsonNode.Fields object;

    JsonFormatter(JsonNode.Fields object) {
        this.object = object;
    }

    @Override
    public void format(StreamInfo info, HeaderView request, HeaderView response, StringBuilder out) {
        if (!object.append(info, request, response, out)) {
            out.append("{}");
        }
        out.append('\n');
    }
}
