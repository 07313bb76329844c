package dev.starling.runtime.loop;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** Notes when it fires, and then does something. */
final class NotingTimer extends TimerWheel.Timer {

    private final TimerWheel wheel;
    private final List<String> fired;
    private final String name;
    private final Runnable then;

    NotingTimer(TimerWheel wheel, List<String> fired, String name, Runnable then) {
        this.wheel = wheel;
        this.fired = fired;
        this.name = name;
        this.then = then;
    }

    NotingTimer in(long millis) {
        wheel.arm(this, TimeUnit.MILLISECONDS.toNanos(millis));
        return this;
    }

    @Override
    protected void expired() {
        fired.add(name);
        then.run();
    }
}
