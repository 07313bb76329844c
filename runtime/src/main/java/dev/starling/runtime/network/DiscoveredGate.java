package dev.starling.runtime.network;

import dev.starling.config.Extension;
import dev.starling.runtime.loop.Loop;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gate whose configuration comes by itself: a connection asks the one that is configured when it comes. */
final class DiscoveredGate implements ConnectionGate {

    private static final Logger log = LoggerFactory.getLogger(DiscoveredGate.class);

    private final String name;
    private final Function<Extension, ConfiguredFilter<ConnectionGate>> maker;
    private volatile @Nullable ConfiguredFilter<ConnectionGate> current;

    DiscoveredGate(String name, Function<Extension, ConfiguredFilter<ConnectionGate>> maker) {
        this.name = name;
        this.maker = maker;
    }

    /** For connections that come from now on. One thread at a time. */
    void use(Optional<Extension> config) {
        ConfiguredFilter<ConnectionGate> before = current;
        try {
            current = config.map(maker).orElse(null);
        } catch (RuntimeException fault) { // a log that cannot be opened, or a bug: what is in service stays
            log.error("filter {} cannot be configured anew", name, fault);
            return;
        }
        if (before != null) {
            before.leave();
        }
    }

    @Override
    public boolean configured() {
        return current != null;
    }

    @Override
    public Admission admit(ConnectionOwner connection, Loop loop) {
        ConfiguredFilter<ConnectionGate> gate = current;
        while (gate != null && !gate.use()) { // replaced at this very moment
            gate = current;
        }
        if (gate == null) {
            return Admission.refused(Duration.ZERO, () -> {});
        }
        ConfiguredFilter<ConnectionGate> asked = gate;
        Admission admission = asked.filter().admit(connection, loop);
        return new Admission(admission.passes(), admission.delay(), () -> {
            admission.atEnd().run();
            asked.leave();
        });
    }
}
