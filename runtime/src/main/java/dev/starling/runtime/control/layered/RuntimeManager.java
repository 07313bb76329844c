package dev.starling.runtime.control.layered;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.bootstrap.RuntimeLayer;
import dev.starling.config.bootstrap.RuntimeResource;
import dev.starling.config.bootstrap.RuntimeValue;
import dev.starling.runtime.control.discovery.Resources;
import dev.starling.runtime.layered.RuntimeSlot;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.layered.RuntimeSnapshot.Layer;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.xds.file.FileSource.Folders;
import dev.starling.xds.subscription.Watch.Update;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the layers of the runtime, and publishes what they say together whenever one of them changes. */
public final class RuntimeManager {

    private static final Logger log = LoggerFactory.getLogger(RuntimeManager.class);

    public sealed interface Command {}

    /**
     * Sent once: control planes can be reached.
     *
     * @param complete run when each layer that they have has come, or is known not to come in time
     */
    public record Discover(Runnable complete) implements Command {}

    /** {@code /runtime_modify}: all of it or nothing. An empty value takes back what was set. */
    public record Modify(Map<String, String> values, ActorRef<ModifyResult> replyTo) implements Command {
        public Modify {
            values = Map.copyOf(values);
        }
    }

    public sealed interface ModifyResult {

        enum Modified implements ModifyResult {
            MODIFIED
        }

        /** There is no admin layer, or a value cannot be read. */
        record Refused(String reason) implements ModifyResult {}
    }

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private record Told(String layer, Update<RuntimeResource> update) implements Command {}

    private enum Event implements Command {
        MOVED
    }

    /**
     * For inspection.
     *
     * @param awaited layers
     * @param values as they are shown
     */
    public record State(List<String> layers, List<String> awaited, SortedMap<String, String> values) {
        public State {
            layers = List.copyOf(layers);
            awaited = List.copyOf(awaited);
        }
    }

    /** How the content of a file, or what is sent to the admin API, is read. */
    @FunctionalInterface
    public interface TextReader {
        RuntimeValue read(String text) throws InvalidConfigException;
    }

    /**
     * What it works with.
     *
     * @param slot where it publishes
     * @param texts how the content of files, and what is sent to the admin API, is read
     * @param scope {@code runtime.}
     */
    public record Ports(
            List<RuntimeLayer> layers,
            RuntimeSlot slot,
            Resources resources,
            Folders folders,
            TextReader texts,
            StatsScope scope) {
        public Ports {
            layers = List.copyOf(layers);
        }
    }

    private final Ports ports;
    private final RuntimeStats stats;
    private final ActorContext<Command> context;
    private final Map<String, Map<String, RuntimeValue>> discovered = new HashMap<>();
    private final Map<String, RuntimeValue> overrides = new LinkedHashMap<>();
    private final Set<String> awaited = new HashSet<>();
    private Runnable complete = () -> {};

    private RuntimeManager(Ports ports, ActorContext<Command> context) {
        this.ports = ports;
        this.stats = new RuntimeStats(ports.scope());
        this.context = context;
    }

    public static Behavior<Command> create(Ports ports) {
        Behavior<Command> manager = Behaviors.setup(context -> new RuntimeManager(ports, context).managing());
        return Behaviors.supervise(manager).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> managing() {
        ActorRef<Command> self = context.getSelf();
        List<Runnable> watches = disks().map(
                        layer -> Path.of(layer.symlinkRoot()).toAbsolutePath().getParent())
                .distinct()
                .filter(Files::isDirectory)
                .map(folder -> ports.folders().watch(folder, () -> self.tell(Event.MOVED)))
                .toList();
        load();
        return Behaviors.receive(Command.class)
                .onMessage(Command.class, command -> {
                    on(command);
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, _ -> {
                    watches.forEach(Runnable::run);
                    return Behaviors.same();
                })
                .build();
    }

    private Stream<RuntimeLayer.Disk> disks() {
        return ports.layers().stream()
                .flatMap(layer -> layer instanceof RuntimeLayer.Disk disk ? Stream.of(disk) : Stream.empty());
    }

    private void on(Command command) {
        switch (command) {
            case Discover(var then) -> discover(then);
            case Told(var layer, var update) -> told(layer, update);
            case Modify(var values, var replyTo) -> replyTo.tell(modify(values));
            case Event.MOVED -> load();
            case GetState(var replyTo) -> replyTo.tell(state());
        }
    }

    // ---- control planes -------------------------------------------------------------------------------------------

    private void discover(Runnable then) {
        complete = then;
        ActorRef<Command> self = context.getSelf();
        for (RuntimeLayer layer : ports.layers()) {
            if (layer instanceof RuntimeLayer.Discovered(var name, var resource, var source)) {
                awaited.add(name);
                ports.resources().runtime(resource, source, ports.scope(), update -> self.tell(new Told(name, update)));
            }
        }
        completeIfAllCame();
    }

    /** What is refused stays as it was; what is no more has no values. */
    private void told(String layer, Update<RuntimeResource> update) {
        if (update instanceof Update.Answered<RuntimeResource>(var change)) {
            change.updated()
                    .forEach(held -> discovered.put(layer, held.resource().values()));
            if (!change.removed().isEmpty()) {
                discovered.remove(layer);
            }
            if (!change.updated().isEmpty() || !change.removed().isEmpty()) {
                load();
            }
        } else {
            log.warn("layer {} of the runtime has not come from the control plane in time", layer);
        }
        if (awaited.remove(layer)) {
            completeIfAllCame();
        }
    }

    private void completeIfAllCame() {
        if (awaited.isEmpty()) {
            // Once more, as Envoy does, whether or not there was anything to wait for.
            load();
            complete.run();
            complete = () -> {};
        }
    }

    // ---- the admin API --------------------------------------------------------------------------------------------

    private ModifyResult modify(Map<String, String> values) {
        if (ports.layers().stream().noneMatch(layer -> layer instanceof RuntimeLayer.Admin)) {
            return new ModifyResult.Refused("No admin layer specified");
        }
        Map<String, RuntimeValue> read = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : values.entrySet()) {
            if (!entry.getValue().isEmpty()) {
                try {
                    read.put(entry.getKey(), ports.texts().read(entry.getValue()));
                } catch (InvalidConfigException invalid) {
                    return new ModifyResult.Refused(String.valueOf(invalid.getMessage()));
                }
            }
        }
        overrides.keySet().removeAll(values.keySet());
        overrides.putAll(read);
        stats.overridden(!overrides.isEmpty());
        load();
        return ModifyResult.Modified.MODIFIED;
    }

    // ---- merging --------------------------------------------------------------------------------------------------

    private void load() {
        List<Layer> layers = new ArrayList<>();
        boolean whole = true;
        int folders = 0;
        for (RuntimeLayer layer : ports.layers()) {
            switch (layer) {
                case RuntimeLayer.Static(var name, var values) -> layers.add(new Layer(name, values));
                case RuntimeLayer.Admin(var name) -> layers.add(new Layer(name, overrides));
                case RuntimeLayer.Discovered(var name, var _, var _) ->
                    layers.add(new Layer(name, discovered.getOrDefault(name, Map.of())));
                case RuntimeLayer.Disk disk
                when Files.isDirectory(Path.of(disk.directory())) -> {
                    Optional<Layer> read = read(disk);
                    read.ifPresent(layers::add);
                    whole &= read.isPresent();
                    folders += read.isPresent() ? 1 : 0;
                }
                case RuntimeLayer.Disk _ -> {}
            }
        }
        RuntimeSnapshot snapshot = new RuntimeSnapshot(layers);
        ports.slot().publish(snapshot);
        stats.loaded(snapshot, whole, folders);
    }

    private Optional<Layer> read(RuntimeLayer.Disk disk) {
        try {
            return Optional.of(new Layer(disk.name(), DiskLayer.read(Path.of(disk.directory()), ports.texts())));
        } catch (IOException | InvalidConfigException failure) {
            log.error("error loading runtime values for layer {} from disk: {}", disk.name(), failure.getMessage());
            return Optional.empty();
        }
    }

    private State state() {
        RuntimeSnapshot current = ports.slot().get();
        SortedMap<String, String> values = new TreeMap<>();
        current.values().forEach((key, value) -> values.put(key, value.text()));
        return new State(
                current.layers().stream().map(Layer::name).toList(),
                awaited.stream().sorted().toList(),
                values);
    }
}
