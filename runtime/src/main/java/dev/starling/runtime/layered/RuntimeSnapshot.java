package dev.starling.runtime.layered;

import dev.starling.config.FractionalPercent;
import dev.starling.config.RuntimeDouble;
import dev.starling.config.RuntimeFlag;
import dev.starling.config.RuntimeUint32;
import dev.starling.config.bootstrap.RuntimeValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All values of the runtime at one time; of a key that several layers have, the last one's. Immutable. */
public final class RuntimeSnapshot {

    public static final RuntimeSnapshot EMPTY = new RuntimeSnapshot(List.of());

    private static final int HUNDRED = 100;

    private final List<Layer> layers;
    private final Map<String, RuntimeValue> values = new HashMap<>();

    /** One of them, by itself. */
    public record Layer(String name, Map<String, RuntimeValue> values) {
        public Layer {
            values = Map.copyOf(values);
        }
    }

    public RuntimeSnapshot(List<Layer> layers) {
        this.layers = List.copyOf(layers);
        layers.forEach(layer -> values.putAll(layer.values()));
    }

    /** The first is overridden by all others. */
    public List<Layer> layers() {
        return layers;
    }

    /** All layers together. */
    public Map<String, RuntimeValue> values() {
        return Map.copyOf(values);
    }

    public int keys() {
        return values.size();
    }

    /** What is no unsigned number counts as not being there. */
    public long number(RuntimeUint32 setting) {
        return number(setting.runtimeKey(), setting.defaultValue());
    }

    private long number(String key, long fallback) {
        RuntimeValue value = find(key);
        return value != null && value.isWhole() ? value.whole() : fallback;
    }

    /** What is no number counts as not being there. */
    public double number(RuntimeDouble setting) {
        RuntimeValue value = find(setting.runtimeKey());
        return value == null || Double.isNaN(value.number()) ? setting.defaultValue() : value.number();
    }

    /** What is neither true nor false counts as not being there. */
    public boolean isOn(RuntimeFlag flag) {
        RuntimeValue value = find(flag.runtimeKey());
        return value == null ? flag.defaultValue() : value.truth().orElse(flag.defaultValue());
    }

    /** Whether a draw falls into the share, which under its key may be a fraction, or a number of percent. */
    public boolean selects(FractionalPercent share, long draw) {
        RuntimeValue value = find(share.runtimeKey());
        if (value == null) {
            return share.selects(draw);
        }
        if (value.share().isPresent()) {
            return value.share().get().selects(draw);
        }
        return value.isWhole() ? Long.remainderUnsigned(draw, HUNDRED) < value.whole() : share.selects(draw);
    }

    /** The same where, as in access logs, the key has the numerator only. */
    public boolean selectsByNumerator(FractionalPercent share, long draw) {
        return Long.remainderUnsigned(draw, share.denominator()) < number(share.runtimeKey(), share.numerator());
    }

    private @Nullable RuntimeValue find(String key) {
        return key.isEmpty() ? null : values.get(key);
    }
}
