package dev.starling.xds;

import dev.starling.config.bootstrap.Node;
import dev.starling.config.discovery.ApiConfigSource;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.RestApi;
import dev.starling.xds.file.FileReader;
import dev.starling.xds.file.FileSource;
import dev.starling.xds.load.LoadReporter;
import dev.starling.xds.protocol.ResponseReader;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceTypes;
import dev.starling.xds.rest.RestSource;
import dev.starling.xds.stream.DiscoveryStream;
import dev.starling.xds.stream.NodeMessage;
import dev.starling.xds.stream.StreamStats;
import dev.starling.xds.subscription.Watch;
import dev.starling.xds.transport.Fetcher;
import dev.starling.xds.transport.Transport;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the set of sources: the aggregated stream, one stream for each type of other control planes, and the files. */
public final class DiscoveryManager {

    private static final Logger log = LoggerFactory.getLogger(DiscoveryManager.class);

    public sealed interface Command {}

    private record Begin() implements Command {}

    private record Add(ConfigSource source, Watch<?> watch) implements Command {}

    private record Remove(ConfigSource source, Watch<?> watch) implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    /** For inspection. */
    public record State(
            List<ActorRef<DiscoveryStream.Command>> streams,
            List<ActorRef<FileSource.Command>> files,
            List<ActorRef<RestSource.Command>> polls) {
        public State {
            streams = List.copyOf(streams);
            files = List.copyOf(files);
            polls = List.copyOf(polls);
        }
    }

    /**
     * What it works with.
     *
     * @param ads what the aggregated stream is, if there is one
     * @param types that may be referred to
     * @param held where everything held is shown
     * @param stats of a stream: of all types, or of one
     * @param loadReports if a server is to be told of load
     */
    public record Discovering(
            Optional<ApiConfigSource> ads,
            ResourceTypes types,
            Node node,
            Transport transport,
            Fetcher fetcher,
            ResponseReader responses,
            FileReader reader,
            FileSource.Folders folders,
            HeldResources held,
            Function<Optional<ResourceType<?>>, StreamStats> stats,
            Optional<LoadReporter.Reporting> loadReports,
            RandomGenerator random,
            InstantSource clock) {}

    private record StreamKey(ApiConfigSource api, Optional<String> typeUrl) {}

    private record FileKey(ConfigSource.File file, String typeUrl) {}

    private final Discovering discovering;
    private final ActorContext<Command> context;
    private final Map<StreamKey, ActorRef<DiscoveryStream.Command>> streams = new HashMap<>();
    private final Map<FileKey, ActorRef<FileSource.Command>> files = new HashMap<>();
    private final SequencedMap<Watch<?>, ActorRef<RestSource.Command>> polls = new LinkedHashMap<>();

    /** Polls that wait for control planes to be reachable. */
    private final SequencedMap<Watch<?>, RestApi> early = new LinkedHashMap<>();

    private boolean begun;
    private int spawned;

    private DiscoveryManager(Discovering discovering, ActorContext<Command> context) {
        this.discovering = discovering;
        this.context = context;
    }

    public static Behavior<Command> create(Discovering discovering) {
        Behavior<Command> manager =
                Behaviors.setup(context -> new DiscoveryManager(discovering, context).discovering());
        return Behaviors.supervise(manager).onFailure(SupervisorStrategy.resume());
    }

    /** Control planes can be reached: streams are opened from now on. */
    public static Command begin() {
        return new Begin();
    }

    /** The same for those who have nothing to do with actors. */
    public static Discovery port(ActorRef<Command> manager) {
        return (source, watch) -> {
            manager.tell(new Add(source, watch));
            return () -> manager.tell(new Remove(source, watch));
        };
    }

    private Behavior<Command> discovering() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case Begin _ -> {
                    begun = true;
                    discovering
                            .loadReports()
                            .ifPresent(reports -> context.spawn(LoadReporter.create(reports), "load-reports"));
                    streams.values().forEach(stream -> stream.tell(DiscoveryStream.Begin.BEGIN));
                    early.forEach((watch, api) -> poll(api, watch));
                    early.clear();
                }
                case Add(var source, var watch) -> add(source, watch);
                case Remove(var source, var watch) -> remove(source, watch);
                case GetState(var replyTo) ->
                    replyTo.tell(new State(
                            List.copyOf(streams.values()), List.copyOf(files.values()), List.copyOf(polls.values())));
            }
            return Behaviors.same();
        });
    }

    private void add(ConfigSource source, Watch<?> watch) {
        switch (source) {
            case ConfigSource.Ads _ ->
                discovering
                        .ads()
                        .ifPresentOrElse(
                                api -> stream(api, Optional.empty()).tell(new DiscoveryStream.Add(watch)),
                                () -> refuse(watch));
            case ConfigSource.Grpc(var api, var _) ->
                stream(api, Optional.of(watch.type())).tell(new DiscoveryStream.Add(watch));
            case ConfigSource.Rest(var api, var _) -> {
                if (begun) {
                    poll(api, watch);
                } else {
                    early.put(watch, api);
                }
            }
            case ConfigSource.File file -> file(file, watch.type()).tell(new FileSource.Add(watch));
        }
    }

    /** What cannot come is not waited for. */
    private static <R> void refuse(Watch<R> watch) {
        log.warn(
                "{} is to come from the aggregated stream, but there is no ads_config",
                watch.name().orElse(watch.type().toString()));
        watch.stats().attempted();
        watch.stats().failed();
        watch.tell(new Watch.Update.NothingCame<>());
    }

    private void remove(ConfigSource source, Watch<?> watch) {
        switch (source) {
            case ConfigSource.Ads _ ->
                discovering
                        .ads()
                        .ifPresent(api -> stream(api, Optional.empty()).tell(new DiscoveryStream.Remove(watch)));
            case ConfigSource.Grpc(var api, var _) ->
                stream(api, Optional.of(watch.type())).tell(new DiscoveryStream.Remove(watch));
            case ConfigSource.Rest _ -> {
                early.remove(watch);
                ActorRef<RestSource.Command> poll = polls.remove(watch);
                if (poll != null) {
                    context.stop(poll);
                }
            }
            case ConfigSource.File file -> file(file, watch.type()).tell(new FileSource.Remove(watch));
        }
    }

    /** Lives on when nobody watches any more: what is not asked for costs nothing. */
    private ActorRef<DiscoveryStream.Command> stream(ApiConfigSource api, Optional<ResourceType<?>> only) {
        return streams.computeIfAbsent(new StreamKey(api, only.map(ResourceType::typeUrl)), _ -> {
            String name = only.map(ResourceType::toString).orElse("ads");
            ActorRef<DiscoveryStream.Command> stream = context.spawn(
                    DiscoveryStream.create(new DiscoveryStream.Streaming(
                            name,
                            api,
                            only,
                            discovering.types().byTypeUrl(),
                            NodeMessage.of(discovering.node()),
                            discovering.transport(),
                            discovering.held(),
                            discovering.stats().apply(only),
                            discovering.random(),
                            discovering.clock())),
                    only.isEmpty() ? name : name + "-" + ++spawned);
            if (begun) {
                stream.tell(DiscoveryStream.Begin.BEGIN);
            }
            return stream;
        });
    }

    private <R> void poll(RestApi api, Watch<R> watch) {
        polls.put(
                watch,
                context.spawn(
                        RestSource.create(
                                new RestSource.Asking(
                                        api,
                                        NodeMessage.of(discovering.node()),
                                        discovering.fetcher(),
                                        discovering.responses(),
                                        discovering.held(),
                                        discovering.random(),
                                        discovering.clock()),
                                watch),
                        "rest-" + ++spawned));
    }

    private ActorRef<FileSource.Command> file(ConfigSource.File file, ResourceType<?> type) {
        return files.computeIfAbsent(
                new FileKey(file, type.typeUrl()),
                _ -> context.spawn(
                        FileSource.create(
                                file,
                                type,
                                discovering.reader(),
                                discovering.folders(),
                                discovering.held(),
                                discovering.clock()),
                        "file-" + ++spawned,
                        DispatcherSelector.blocking()));
    }
}
