package dev.starling.config.proto.listener.filter;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Value;
import dev.starling.config.listener.filter.ProtocolDetection;
import dev.starling.config.proto.ValidationContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of protocol detection out of a {@code TypedStruct}: it is no filter of Envoy's, so it has no message of
 * its own.
 */
public final class ProtocolDetectionReader {

    /** What the {@code type_url} of the struct ends with. */
    public static final String TYPE = "starling.listener_filters.ProtocolDetection";

    private static final int MAX_DESTINATIONS = 1_000_000;
    private static final int MAX_DURATION_CHARS = 12;

    private ProtocolDetectionReader() {}

    /** Null after a problem. */
    public static @Nullable ProtocolDetection read(TypedStruct message, ValidationContext context) {
        Duration timeout = ProtocolDetection.DEFAULT.timeout();
        Duration silence = ProtocolDetection.DEFAULT.clientSilence();
        Duration rememberFor = ProtocolDetection.DEFAULT.rememberFor();
        int destinations = ProtocolDetection.DEFAULT.maxDestinations();
        for (var field : message.getValue().getFieldsMap().entrySet()) {
            var at = context.field("value").field(field.getKey());
            switch (field.getKey()) {
                case "timeout" -> timeout = duration(field.getValue(), at);
                case "client_silence" -> silence = duration(field.getValue(), at);
                case "remember_for" -> rememberFor = duration(field.getValue(), at);
                case "max_destinations" -> destinations = number(field.getValue(), at);
                default -> at.problem("no such field of " + TYPE);
            }
        }
        return context.failed() ? null : new ProtocolDetection(timeout, silence, rememberFor, destinations);
    }

    private static Duration duration(Value value, ValidationContext context) {
        String text = value.getStringValue();
        int dots = 0;
        for (int i = 0; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            dots += c == '.' ? 1 : 0;
            if (dots > 1 || (c != '.' && (c < '0' || c > '9'))) {
                dots = 2;
            }
        }
        if (dots > 1
                || text.length() < 2
                || text.length() > MAX_DURATION_CHARS
                || !text.endsWith("s")
                || text.startsWith(".")) {
            context.problem("must be seconds, such as 0.3s");
            return Duration.ZERO;
        }
        return Duration.parse("PT" + text);
    }

    private static int number(Value value, ValidationContext context) {
        double number = value.getNumberValue();
        if (number < 1 || number > MAX_DESTINATIONS || number != Math.rint(number)) {
            context.problem("must be a whole number from 1 to " + MAX_DESTINATIONS);
            return 1;
        }
        return (int) number;
    }
}
