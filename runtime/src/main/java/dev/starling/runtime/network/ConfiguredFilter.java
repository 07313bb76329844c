package dev.starling.runtime.network;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one configuration of a filter has made, and what is given back when it is out of service and nobody uses it any more. Any
 * thread.
 */
final class ConfiguredFilter<F> {

    private final F filter;
    private final List<Runnable> atEnd;
    private final Executor ending;
    private final AtomicInteger users = new AtomicInteger(1); // the first is who has put it into service

    /** @param ending runs {@code atEnd}, as the last user may be a loop */
    ConfiguredFilter(F filter, List<Runnable> atEnd, Executor ending) {
        this.filter = filter;
        this.atEnd = atEnd;
        this.ending = ending;
    }

    F filter() {
        return filter;
    }

    /** One more uses it; false if it is gone already. */
    boolean use() {
        return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /** One less. */
    void leave() {
        if (users.decrementAndGet() == 0) {
            ending.execute(() -> atEnd.forEach(Runnable::run));
        }
    }
}
