package dev.starling.runtime.loop;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream that is already running on one event loop, and whose elements are the connections that have become ready
 * (docs/decisions/0001-flow-per-loop.md). Materialised once per filter chain and loop; a turn of the loop wakes it once,
 * however many elements are ready. An exception in a turn ends that element only; should the stream itself fail, it is
 * materialised again over the same queue.
 *
 * <p>All methods are called on the loop's thread.
 */
public final class LoopFlow<T extends Ready> {

    private static final Logger log = LoggerFactory.getLogger(LoopFlow.class);

    private final Loop loop;
    private final String name;
    private final List<Stage<T>> stages;
    private final Materializer materializer;
    private final ReadyQueue<T> queue;

    private boolean completed;

    /** One processing stage: what it is called, and what it does with an element on its turn. */
    public record Stage<T>(String name, Consumer<T> turn) {}

    private LoopFlow(Loop loop, String name, List<Stage<T>> stages, ActorSystem system) {
        this.loop = loop;
        this.name = name;
        this.stages = List.copyOf(stages);
        this.materializer = Materializer.matFromSystem(system);
        this.queue = new ReadyQueue<>(loop);
    }

    /** Starts the flow. It runs until {@link #complete}. */
    public static <T extends Ready> LoopFlow<T> start(
            Loop loop, String name, List<Stage<T>> stages, ActorSystem system) {
        LoopFlow<T> flow = new LoopFlow<>(loop, name, stages, system);
        flow.materialise();
        return flow;
    }

    /** The element has events: it gets a turn before the loop next waits for I/O. */
    public void ready(T element) {
        if (!element.queued && !completed) {
            element.queued = true;
            queue.add(element);
        }
    }

    /** Lets what is queued pass, then ends the stream. Call when no element will become ready again. */
    public void complete() {
        completed = true;
        queue.complete();
    }

    private void materialise() {
        Source<T, ?> source = Source.fromGraph(new ReadySource<>(queue));
        for (Stage<T> stage : stages) {
            source = source.via(Flow.fromGraph(new TurnStage<>(stage, loop)));
        }
        source.toMat(Sink.<T>ignore(), (left, done) -> done)
                .withAttributes(ActorAttributes.dispatcher(loop.dispatcherId())
                        .and(Attributes.inputBuffer(1, 1))
                        .and(Attributes.name(name)))
                .run(materializer)
                .whenCompleteAsync(this::ended, loop.eventLoop());
    }

    private void ended(@Nullable Done done, @Nullable Throwable failure) {
        if (failure == null || completed || loop.eventLoop().isShuttingDown()) {
            return;
        }
        loop.flowRestarted();
        log.error("flow {} on {} failed and starts again", name, loop, failure);
        queue.detach();
        materialise();
    }

    /** The queue between the loop and its stream; survives a restart of the stream. */
    static final class ReadyQueue<T extends Ready> {

        private final Loop loop;
        private final ArrayDeque<T> elements = new ArrayDeque<>();
        private @Nullable AsyncCallback<Done> wake;
        private boolean awake;
        boolean completed;

        ReadyQueue(Loop loop) {
            this.loop = loop;
        }

        void add(T element) {
            elements.add(element);
            wake();
        }

        @Nullable
        T poll() {
            T element = elements.poll();
            if (element != null) {
                element.queued = false;
            }
            return element;
        }

        void wake() {
            if (!awake && wake != null) {
                awake = true;
                wake.invoke(Done.getInstance());
            }
        }

        /** The stream has taken what there was and waits. */
        void asleep() {
            awake = false;
        }

        /** Wakes the stream again after the loop has had a look at its sockets. */
        void wakeAfterIo() {
            awake = true;
            loop.eventLoop().execute(() -> {
                awake = false;
                wake();
            });
        }

        /** The stream begins. Its first pull finds what there is: to wake it as well would give it two turns in a row. */
        void attach(AsyncCallback<Done> callback) {
            wake = callback;
            awake = true;
        }

        void detach() {
            wake = null;
            awake = false;
        }

        void complete() {
            completed = true;
            wake();
        }
    }
}
