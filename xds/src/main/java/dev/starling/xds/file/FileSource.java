package dev.starling.xds.file;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.xds.protocol.Interest;
import dev.starling.xds.protocol.SotwType;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.HeldResources.Section;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.stream.Line;
import dev.starling.xds.subscription.SubscriptionStats;
import dev.starling.xds.subscription.Watch;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file with resources of one type: a response of the state of the world. It is read when somebody first watches, and
 * whenever something is moved into its folder, or the folder it is told to watch; writing into it is not noticed, as with Envoy.
 */
public final class FileSource<R> {

    private static final Logger log = LoggerFactory.getLogger(FileSource.class);

    public sealed interface Command {}

    public record Add(Watch<?> watch) implements Command {}

    public record Remove(Watch<?> watch) implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private enum Event implements Command {
        MOVED
    }

    /** For inspection. */
    public record State(String path, String type, int reads, String version, List<String> refused) {
        public State {
            refused = List.copyOf(refused);
        }
    }

    /** Tells what happens to folders. */
    @FunctionalInterface
    public interface Folders {

        /** Calls whenever something is moved into the folder, from any thread, until what it returns is run. */
        Runnable watch(Path folder, Runnable moved);
    }

    private final ConfigSource.File file;
    private final FileReader reader;
    private final Section held;
    private final InstantSource clock;
    private final SotwType<R> state;
    private final Line<R, DiscoveryRequest, DiscoveryResponse> line;
    private int reads;
    /** Of the file that was read last. */
    private Optional<Object> last = Optional.empty();

    private FileSource(
            ConfigSource.File file, ResourceType<R> type, FileReader reader, HeldResources held, InstantSource clock) {
        this.file = file;
        this.reader = reader;
        this.held = held.section();
        this.clock = clock;
        this.state = new SotwType<>(type);
        this.line = new Line<>(state, this.held, Watch::tell, (_, _) -> {});
        // Names are asked for, but a file may have more and costs nothing.
        state.want(Interest.ALL);
    }

    public static Behavior<Command> create(
            ConfigSource.File file,
            ResourceType<?> type,
            FileReader reader,
            Folders folders,
            HeldResources held,
            InstantSource clock) {
        Behavior<Command> source =
                Behaviors.setup(context -> of(file, type, reader, held, clock).watching(folders, context));
        return Behaviors.supervise(source).onFailure(SupervisorStrategy.resume());
    }

    private static <R> FileSource<R> of(
            ConfigSource.File file, ResourceType<R> type, FileReader reader, HeldResources held, InstantSource clock) {
        return new FileSource<>(file, type, reader, held, clock);
    }

    private Behavior<Command> watching(Folders folders, ActorContext<Command> context) {
        ActorRef<Command> self = context.getSelf();
        Runnable stop = folders.watch(folder(), () -> self.tell(Event.MOVED));
        read();
        return Behaviors.receive(Command.class)
                .onMessage(Add.class, add -> {
                    if (line.add(add.watch(), clock.instant())) {
                        add.watch().stats().attempted();
                        // All that will come before the next move is here already.
                        line.timeOut(add.watch());
                    }
                    return Behaviors.same();
                })
                .onMessage(Remove.class, remove -> {
                    line.remove(remove.watch());
                    return Behaviors.same();
                })
                .onMessage(Event.class, _ -> {
                    // What is moved into the folder may be another file, and a file that is to be moved is made there
                    // first.
                    if (last.isEmpty() || !last.equals(reader.identity(Path.of(file.path())))) {
                        read();
                    }
                    return Behaviors.same();
                })
                .onMessage(GetState.class, ask -> {
                    ask.replyTo().tell(state());
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, _ -> {
                    stop.run();
                    return Behaviors.same();
                })
                .build();
    }

    private Path folder() {
        Path path = Path.of(file.path());
        return Path.of(file.watchedDirectory()
                .orElse(Optional.ofNullable(path.getParent())
                        .map(Path::toString)
                        .orElse(".")));
    }

    private void read() {
        reads++;
        last = reader.identity(Path.of(file.path()));
        DiscoveryResponse response;
        try {
            response = reader.read(Path.of(file.path()));
        } catch (InvalidConfigException invalid) {
            // What cannot be parsed says nothing of any resource.
            boolean broken = invalid.problems().stream()
                    .allMatch(problem -> problem.path().isEmpty());
            log.warn("Filesystem config update {}: {}", broken ? "failure" : "rejected", invalid.getMessage());
            line.subscribers().count(broken ? SubscriptionStats::failed : SubscriptionStats::rejected);
            return;
        }
        line.receive(response, clock.instant());
        state.next()
                .filter(DiscoveryRequest::hasErrorDetail)
                .ifPresent(refusal -> log.warn(
                        "Filesystem config update rejected: {}: {}",
                        file.path(),
                        refusal.getErrorDetail().getMessage()));
    }

    private State state() {
        String typeUrl = state.type().typeUrl();
        return new State(file.path(), state.type().toString(), reads, held.version(typeUrl), held.refusals(typeUrl));
    }
}
