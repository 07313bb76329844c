package dev.starling.config.bootstrap;

import java.util.Map;

/** {@code envoy.service.runtime.v3.Runtime}, validated: all values of one layer. */
public record RuntimeResource(String name, Map<String, RuntimeValue> values) {
    public RuntimeResource {
        values = Map.copyOf(values);
    }
}
