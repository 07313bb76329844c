package dev.starling.runtime.network;

import dev.starling.config.Extension;
import dev.starling.runtime.loop.Loop;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A terminal filter whose configuration comes by itself. New connections are served by what is configured when they come;
 * those before stay with what they have, which retires with the last of them.
 */
final class DiscoveredTerminal implements NetworkFilter {

    private static final Logger log = LoggerFactory.getLogger(DiscoveredTerminal.class);

    private final String name;
    private final Function<Extension, ConfiguredFilter<NetworkFilter>> maker;
    private final List<Lane> lanes = new ArrayList<>();
    private @Nullable ConfiguredFilter<NetworkFilter> current;

    DiscoveredTerminal(String name, Function<Extension, ConfiguredFilter<NetworkFilter>> maker) {
        this.name = name;
        this.maker = maker;
    }

    /** For connections that come from now on. One thread at a time. */
    void use(Optional<Extension> config) {
        try {
            turnTo(config.map(maker).orElse(null));
        } catch (RuntimeException fault) { // a log that cannot be opened, or a bug: what is in service stays
            log.error("filter {} cannot be configured anew", name, fault);
        }
    }

    private synchronized void turnTo(@Nullable ConfiguredFilter<NetworkFilter> next) {
        ConfiguredFilter<NetworkFilter> before = current;
        current = next;
        for (Lane lane : lanes) {
            used(next);
            lane.loop.run(() -> lane.turnTo(next));
        }
        if (before != null) {
            before.leave();
        }
    }

    @Override
    public synchronized LoopFilter onLoop(Loop loop) {
        Lane lane = new Lane(loop);
        lanes.add(lane);
        used(current);
        lane.turnTo(current);
        return lane;
    }

    private static void used(@Nullable ConfiguredFilter<NetworkFilter> filter) {
        if (filter != null && !filter.use()) {
            throw new IllegalStateException("in service, and gone");
        }
    }

    /** What serves, and what has served and still has connections. */
    private static final class Lane implements LoopFilter {

        private final Loop loop;
        private final List<LoopFilter> leaving = new ArrayList<>();
        private @Nullable LoopFilter serving;
        private Runnable afterServing = () -> {};
        private boolean draining;
        private boolean retired;
        private @Nullable Runnable left;

        Lane(Loop loop) {
            this.loop = loop;
        }

        /** @param next used already */
        void turnTo(@Nullable ConfiguredFilter<NetworkFilter> next) {
            retireServing();
            if (next == null) {
                return;
            }
            if (retired) {
                next.leave();
                return;
            }
            LoopFilter filter = next.filter().onLoop(loop);
            if (draining) {
                filter.drain();
            }
            serving = filter;
            afterServing = next::leave;
        }

        private void retireServing() {
            LoopFilter before = serving;
            Runnable after = afterServing;
            if (before != null) {
                serving = null;
                leaving.add(before);
                before.retire(() -> {
                    leaving.remove(before);
                    after.run();
                    completeMaybe();
                });
            }
        }

        @Override
        public boolean configured() {
            return serving != null;
        }

        @Override
        public void accept(Channel channel, ConnectionOwner owner) {
            Objects.requireNonNull(serving, "whether it is configured is asked before")
                    .accept(channel, owner);
        }

        @Override
        public void drain() {
            draining = true;
            all().forEach(LoopFilter::drain);
        }

        @Override
        public boolean draining() {
            return draining;
        }

        @Override
        public void closeAll() {
            all().forEach(LoopFilter::closeAll);
        }

        @Override
        public void retire(Runnable afterLast) {
            retired = true;
            left = afterLast;
            retireServing();
            completeMaybe();
        }

        private void completeMaybe() {
            Runnable afterLast = left;
            if (afterLast != null && leaving.isEmpty()) {
                left = null;
                afterLast.run();
            }
        }

        @Override
        public int connections() {
            return all().stream().mapToInt(LoopFilter::connections).sum();
        }

        private List<LoopFilter> all() {
            List<LoopFilter> all = new ArrayList<>(leaving);
            if (serving != null) {
                all.add(serving);
            }
            return all;
        }
    }
}
