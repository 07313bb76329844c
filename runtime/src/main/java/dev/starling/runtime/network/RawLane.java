package dev.starling.runtime.network;

import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.LoopFlow;
import dev.starling.runtime.loop.Ready;
import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.ActorSystem;
import org.jspecify.annotations.Nullable;

/**
 * A filter for bytes on one loop: its running flow and its sessions. Bytes carry no sign that would let a peer know of a
 * drain, so draining changes nothing: sessions end by themselves or are closed. Confined to the loop.
 */
public final class RawLane<S extends Ready & RawSession> implements LoopFilter {

    private final Loop loop;
    private final Opening<S> opening;
    private final LoopFlow<S> flow;
    private final Set<S> sessions = new HashSet<>();
    private boolean draining;
    private @Nullable Runnable left;

    /** Makes the session of a connection. */
    public interface Opening<S extends Ready & RawSession> {
        S open(RawLane<S> lane, Channel channel, ConnectionOwner owner);
    }

    public RawLane(Loop loop, ActorSystem system, String name, Opening<S> opening) {
        this.loop = loop;
        this.opening = opening;
        this.flow = LoopFlow.start(
                loop, name + "-" + loop.index(), List.of(new LoopFlow.Stage<>(name, RawSession::turn)), system);
    }

    public Loop loop() {
        return loop;
    }

    @Override
    public void accept(Channel channel, ConnectionOwner owner) {
        S session = opening.open(this, channel, owner);
        sessions.add(session);
        flow.ready(session);
    }

    /** The session has something to take up. */
    public void ready(S session) {
        flow.ready(session);
    }

    /** The session has closed what it had. */
    public void ended(S session) {
        sessions.remove(session);
        completeMaybe();
    }

    @Override
    public void drain() {
        draining = true;
    }

    @Override
    public boolean draining() {
        return draining;
    }

    @Override
    public void closeAll() {
        List.copyOf(sessions).forEach(RawSession::closeNow);
    }

    @Override
    public void retire(Runnable afterLast) {
        left = afterLast;
        completeMaybe();
    }

    @Override
    public int connections() {
        return sessions.size();
    }

    private void completeMaybe() {
        Runnable afterLast = left;
        if (afterLast != null && sessions.isEmpty()) {
            left = null;
            flow.complete();
            afterLast.run();
        }
    }
}
