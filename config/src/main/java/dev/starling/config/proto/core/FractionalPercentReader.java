package dev.starling.config.proto.core;

import dev.starling.config.FractionalPercent;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;

/** Reads {@code envoy.type.v3.FractionalPercent}, alone or with a runtime key. */
public final class FractionalPercentReader {

    private FractionalPercentReader() {}

    public static FractionalPercent read(RuntimeFractionalPercent message) {
        return read(message.getDefaultValue(), message.getRuntimeKey());
    }

    public static FractionalPercent read(io.envoyproxy.envoy.type.v3.FractionalPercent message, String runtimeKey) {
        int denominator = switch (message.getDenominator()) {
            case HUNDRED, UNRECOGNIZED -> 100;
            case TEN_THOUSAND -> 10_000;
            case MILLION -> 1_000_000;
        };
        return new FractionalPercent(Uint32Reader.clamped(message.getNumerator()), denominator, runtimeKey);
    }
}
