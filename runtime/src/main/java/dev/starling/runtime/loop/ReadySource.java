package dev.starling.runtime.loop;

import dev.starling.runtime.loop.LoopFlow.ReadyQueue;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** Emits the elements of a {@link ReadyQueue}, at most {@link #TURN_LIMIT} before the loop looks at its sockets again. */
final class ReadySource<T extends Ready> extends GraphStage<SourceShape<T>> {

    /** Elements per wake-up: bounds how long one busy flow keeps the loop from its I/O and from other flows. */
    static final int TURN_LIMIT = 256;

    private final ReadyQueue<T> queue;
    private final Outlet<T> out = Outlet.create("ready.out");

    ReadySource(ReadyQueue<T> queue) {
        this.queue = queue;
    }

    @Override
    public SourceShape<T> shape() {
        return SourceShape.of(out);
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new GraphStageLogic(shape()) {
            private int turn;

            {
                setHandler(out, new AbstractOutHandler() {
                    @Override
                    public void onPull() {
                        pump();
                    }
                });
            }

            @Override
            public void preStart() {
                queue.attach(createAsyncCallback(wake -> {
                    turn = 0;
                    pump();
                }));
            }

            private void pump() {
                if (!isAvailable(out)) {
                    return;
                }
                if (turn == TURN_LIMIT) {
                    turn++;
                    queue.wakeAfterIo();
                    return;
                }
                if (turn > TURN_LIMIT) {
                    return;
                }
                T element = queue.poll();
                if (element != null) {
                    turn++;
                    push(out, element);
                } else if (queue.completed) {
                    completeStage();
                } else {
                    queue.asleep();
                }
            }
        };
    }
}
