package dev.starling.runtime.loop;

import com.typesafe.config.ConfigFactory;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.time.Clock;
import io.netty.channel.SingleThreadEventLoop;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;

/** One running loop and nothing else, with a test that waits for its turns. */
public final class OneLoop implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 20;

    private final ActorSystem system;
    private final StatsStore stats = new StatsStore(1);
    private final Loops loops;

    public OneLoop(Clock clock) {
        system = ActorSystem.create("one-loop", ConfigFactory.parseString("""
                pekko.loglevel = ERROR
                pekko.actor.default-dispatcher.fork-join-executor {
                  parallelism-min = 1, parallelism-max = 2, minimum-runnable = -1
                }
                """).withFallback(ConfigFactory.load()));
        loops = Loops.start(1, system, stats, clock, 1);
    }

    public Loop loop() {
        return loops.get(0);
    }

    public Loops loops() {
        return loops;
    }

    ActorSystem system() {
        return system;
    }

    /** A counter of the loops. */
    long counter(String name) {
        return stats.scope("starling.loop.").counter(name).value();
    }

    /** Runs the task on the loop and returns when the turn of the loop has ended, its flush included. */
    public <T> T turn(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Loop loop = loop();
        loop.eventLoop().execute(() -> {
            try {
                T value = task.call();
                ((SingleThreadEventLoop) loop.eventLoop()).executeAfterEventLoopIteration(() -> result.complete(value));
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        return await(result);
    }

    public void turn(Runnable task) {
        turn(() -> {
            task.run();
            return true;
        });
    }

    static <T> T await(CompletableFuture<T> result) {
        try {
            return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        loops.shutdown().awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS);
        system.terminate();
        await(system.getWhenTerminated().toCompletableFuture());
    }
}
