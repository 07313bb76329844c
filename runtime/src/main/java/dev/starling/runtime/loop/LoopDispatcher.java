package dev.starling.runtime.loop;

import com.typesafe.config.Config;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.dispatch.Dispatcher;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.dispatch.MessageDispatcher;
import org.apache.pekko.dispatch.MessageDispatcherConfigurator;
import scala.concurrent.duration.FiniteDuration;

/**
 * Makes an event loop a Pekko dispatcher: what is dispatched becomes a task of the loop. Registered as an instance with
 * each actor system, so that two proxies can live in one JVM.
 */
final class LoopDispatcher extends MessageDispatcherConfigurator {

    /** Messages an actor on the loop handles before other tasks of the loop get their turn. */
    private static final int THROUGHPUT = 64;

    /** Time after which an actor yields even when it has messages left. */
    private static final Duration THROUGHPUT_DEADLINE = Duration.ofMillis(1);

    private final MessageDispatcher dispatcher;

    LoopDispatcher(String id, EventLoop eventLoop, Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        ExecutorServiceFactory executor = () -> new LoopExecutor(eventLoop);
        this.dispatcher = new Dispatcher(
                this,
                id,
                THROUGHPUT,
                FiniteDuration.create(THROUGHPUT_DEADLINE.toNanos(), TimeUnit.NANOSECONDS),
                (name, threads) -> executor,
                FiniteDuration.create(1, TimeUnit.SECONDS));
    }

    @Override
    public MessageDispatcher dispatcher() {
        return dispatcher;
    }

    /** Delegates to the loop. Pekko shuts idle dispatchers down and may use them again: that must not reach the loop. */
    private static final class LoopExecutor extends AbstractExecutorService {

        private final EventLoop eventLoop;

        LoopExecutor(EventLoop eventLoop) {
            this.eventLoop = eventLoop;
        }

        @Override
        public void execute(Runnable task) {
            eventLoop.execute(task);
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return eventLoop.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return eventLoop.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
