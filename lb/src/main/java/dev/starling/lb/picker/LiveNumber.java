package dev.starling.lb.picker;

import dev.starling.config.RuntimeDouble;
import java.util.function.DoublePredicate;
import java.util.function.ToDoubleFunction;

/** A number of a policy that the runtime may change at any time. As in Envoy, 1 stands for one that makes no sense. */
final class LiveNumber {

    private static final double NO_SENSE = 1;

    private final RuntimeDouble setting;
    private final ToDoubleFunction<RuntimeDouble> runtime;
    private final DoublePredicate valid;
    private final boolean fixed;
    private final double configured;

    LiveNumber(RuntimeDouble setting, ToDoubleFunction<RuntimeDouble> runtime, DoublePredicate valid) {
        this.setting = setting;
        this.runtime = runtime;
        this.valid = valid;
        this.fixed = setting.runtimeKey().isEmpty();
        this.configured = sensible(setting.defaultValue());
    }

    double now() {
        return fixed ? configured : sensible(runtime.applyAsDouble(setting));
    }

    private double sensible(double value) {
        return valid.test(value) ? value : NO_SENSE;
    }
}
