package dev.starling.runtime.layered;

import java.util.function.Supplier;

/** The place where the current snapshot of the runtime is published. Any thread; what reads it with each request only reads. */
public final class RuntimeSlot implements Supplier<RuntimeSnapshot> {

    private volatile RuntimeSnapshot current = RuntimeSnapshot.EMPTY;

    @Override
    public RuntimeSnapshot get() {
        return current;
    }

    public void publish(RuntimeSnapshot next) {
        current = next;
    }
}
