package dev.starling.runtime.loop;

import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** Gives each element its turn. What escapes from a turn fails the element, never the stream. */
final class TurnStage<T extends Ready> extends GraphStage<FlowShape<T, T>> {

    private final LoopFlow.Stage<T> stage;
    private final Loop loop;
    private final Inlet<T> in;
    private final Outlet<T> out;

    TurnStage(LoopFlow.Stage<T> stage, Loop loop) {
        this.stage = stage;
        this.loop = loop;
        this.in = Inlet.create(stage.name() + ".in");
        this.out = Outlet.create(stage.name() + ".out");
    }

    @Override
    public FlowShape<T, T> shape() {
        return FlowShape.of(in, out);
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new GraphStageLogic(shape()) {
            {
                setHandler(in, new AbstractInHandler() {
                    @Override
                    public void onPush() {
                        T element = grab(in);
                        try {
                            stage.turn().accept(element);
                        } catch (Throwable cause) { // the guard: one element's fault stays its own
                            loop.turnFailed(stage.name(), element, cause);
                        }
                        push(out, element);
                    }
                });
                setHandler(out, new AbstractOutHandler() {
                    @Override
                    public void onPull() {
                        pull(in);
                    }
                });
            }
        };
    }
}
