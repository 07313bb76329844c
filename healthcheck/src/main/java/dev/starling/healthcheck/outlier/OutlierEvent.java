package dev.starling.healthcheck.outlier;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/**
 * {@code envoy.data.cluster.v3.OutlierDetectionEvent}.
 *
 * @param kind of a readmission always the first, since Envoy does not set it
 * @param secondsSinceLastAction since the readmission before an ejection, since the ejection before a readmission
 * @param upstreamUrl the endpoint's address
 * @param enforced false for an ejection that the dice spared, and for every readmission
 */
public record OutlierEvent(
        OutlierKind kind,
        Instant timestamp,
        OptionalLong secondsSinceLastAction,
        String clusterName,
        String upstreamUrl,
        Action action,
        int ejections,
        boolean enforced) {

    public enum Action {
        EJECT,
        UNEJECT
    }

    /** One line as Envoy writes it, without the line's end: proto3 JSON with all primitive fields. */
    public String toJson() {
        var json = new StringBuilder(256);
        json.append("{\"type\":\"").append(kind);
        json.append("\",\"timestamp\":\"").append(timestamp.truncatedTo(ChronoUnit.MILLIS));
        secondsSinceLastAction.ifPresent(
                seconds -> json.append("\",\"secs_since_last_action\":\"").append(seconds));
        json.append("\",\"cluster_name\":");
        appendQuoted(json, clusterName);
        json.append(",\"upstream_url\":");
        appendQuoted(json, upstreamUrl);
        json.append(",\"action\":\"").append(action);
        json.append("\",\"num_ejections\":").append(ejections);
        json.append(",\"enforced\":").append(enforced);
        if (action == Action.EJECT) {
            json.append(",\"eject_consecutive_event\":{}");
        }
        return json.append('}').toString();
    }

    private static void appendQuoted(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c == '<' || c == '>') {
                // protobuf's printer escapes angle brackets too.
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
