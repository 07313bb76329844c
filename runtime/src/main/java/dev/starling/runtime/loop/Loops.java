package dev.starling.runtime.loop;

import com.typesafe.config.ConfigValueFactory;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.time.Clock;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.DispatcherPrerequisites;

/** The event loops of one proxy. Immutable; any thread. */
@SuppressWarnings("ReferenceEquality") // a loop is what it is by identity
public final class Loops implements Iterable<Loop> {

    private final MultiThreadIoEventLoopGroup group;
    private final Transport transport;
    private final List<Loop> loops;

    private Loops(MultiThreadIoEventLoopGroup group, Transport transport, List<Loop> loops) {
        this.group = group;
        this.transport = transport;
        this.loops = List.copyOf(loops);
    }

    /**
     * Starts the loops and registers each as a dispatcher of the actor system.
     *
     * @param concurrency how many, from 1
     * @param seed of the loops' random sources
     */
    public static Loops start(int concurrency, ActorSystem system, StatsStore stats, Clock clock, long seed) {
        Transport transport = Transport.best();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
                concurrency, new DefaultThreadFactory("starling-loop"), transport.ioHandlerFactory());
        LoopStats loopStats = LoopStats.in(stats.scope("starling.loop."));
        SplittableRandom seeds = new SplittableRandom(seed);
        List<Loop> loops = new ArrayList<>();
        for (int index = 0; index < concurrency; index++) {
            EventLoop eventLoop = group.next();
            String dispatcherId = "starling.loop-" + index;
            DispatcherPrerequisites prerequisites = system.dispatchers().prerequisites();
            system.dispatchers()
                    .registerConfigurator(
                            dispatcherId,
                            new LoopDispatcher(
                                    dispatcherId,
                                    eventLoop,
                                    system.settings()
                                            .config()
                                            .getConfig("pekko.actor.default-dispatcher")
                                            .withValue("id", ConfigValueFactory.fromAnyRef(dispatcherId)),
                                    prerequisites));
            loops.add(new Loop(index, eventLoop, dispatcherId, stats.stripe(index), loopStats, clock, seeds.split()));
        }
        return new Loops(group, transport, loops);
    }

    public Transport transport() {
        return transport;
    }

    public int size() {
        return loops.size();
    }

    public Loop get(int index) {
        return loops.get(index);
    }

    /** The loop that owns the channel. */
    public Loop of(Channel channel) {
        for (Loop loop : loops) {
            if (loop.eventLoop() == channel.eventLoop()) {
                return loop;
            }
        }
        throw new IllegalArgumentException(channel + " is on none of these loops");
    }

    /** For accepted channels that no socket has given to a loop already: each goes to the next one. */
    public EventLoopGroup inTurn() {
        return group;
    }

    @Override
    public Iterator<Loop> iterator() {
        return loops.iterator();
    }

    /** Ends the loops' threads; what is still open is closed. */
    public Future<?> shutdown() {
        return group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
