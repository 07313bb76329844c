package dev.starling.runtime.control.secret;

import dev.starling.config.tls.Secret;
import dev.starling.config.tls.TlsProblem;
import dev.starling.xds.file.FileSource.Folders;
import dev.starling.xds.subscription.Watch.Update;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the secrets in use: puts in service what has come, with what its files hold, and reads those again when something is
 * moved beside them. What cannot be used changes nothing.
 */
public final class SecretManager {

    private static final Logger log = LoggerFactory.getLogger(SecretManager.class);

    public sealed interface Command {}

    /** Somebody has begun to use a secret. */
    record InUse(SecretSlot slot) implements Command {}

    /** Nobody uses it any more. */
    record Unused(SecretSlot slot) implements Command {}

    /** Its source has spoken; {@code taken} is run when that has been seen to. */
    record Told(SecretSlot slot, Update<Secret> update, Runnable taken) implements Command {}

    private record Moved(SecretSlot slot) implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    /** For inspection. */
    public record State(List<SecretView> secrets) {
        public State {
            secrets = List.copyOf(secrets);
        }
    }

    /**
     * For inspection.
     *
     * @param phase {@code warming} or {@code active}
     * @param folders in which files of it are watched
     */
    public record SecretView(String name, String phase, int users, Set<Path> folders) {
        public SecretView {
            folders = Set.copyOf(folders);
        }
    }

    /** What is known of a secret in use beside what is in service of it. */
    private static final class Followed {

        private @Nullable Secret received;
        private Set<Path> folders = Set.of();
        private Runnable stopWatching = () -> {};
    }

    private final Folders folders;
    private final ActorContext<Command> context;
    private final Map<SecretSlot, Followed> secrets = new LinkedHashMap<>();

    private SecretManager(Folders folders, ActorContext<Command> context) {
        this.folders = folders;
        this.context = context;
    }

    public static Behavior<Command> create(Folders folders) {
        Behavior<Command> manager = Behaviors.setup(context -> new SecretManager(folders, context).managing());
        return Behaviors.supervise(manager).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> managing() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case InUse(var slot) -> secrets.put(slot, new Followed());
                case Unused(var slot) -> {
                    Followed followed = secrets.remove(slot);
                    if (followed != null) {
                        followed.stopWatching.run();
                    }
                }
                case Told(var slot, var update, var taken) -> {
                    Followed followed = secrets.get(slot);
                    try {
                        if (followed != null) {
                            onUpdate(slot, followed, update);
                        }
                    } finally {
                        slot.answered.complete(null);
                        taken.run();
                    }
                }
                case Moved(var slot) -> {
                    Followed followed = secrets.get(slot);
                    if (followed != null) {
                        onMove(slot, followed);
                    }
                }
                case GetState(var replyTo) -> replyTo.tell(state());
            }
            return Behaviors.same();
        });
    }

    /** What is refused, or is no more, leaves what was there. */
    private void onUpdate(SecretSlot slot, Followed followed, Update<Secret> update) {
        if (update instanceof Update.Answered<Secret>(var change)
                && !change.updated().isEmpty()) {
            Secret secret = change.updated().getFirst().resource();
            followed.received = secret;
            watch(slot, followed, secret.folders());
            try {
                serve(slot, secret.loaded());
            } catch (TlsProblem problem) {
                log.warn("secret '{}' cannot be used: {}", slot.named.name(), problem.getMessage());
            }
        }
    }

    private void onMove(SecretSlot slot, Followed followed) {
        Secret received = followed.received;
        if (received == null) {
            return;
        }
        try {
            Secret now = received.loaded();
            if (!now.equals(slot.current)) {
                serve(slot, now);
            }
        } catch (TlsProblem problem) {
            slot.keyRotationFailed.inc();
            log.warn("secret '{}' stays as it was: {}", slot.named.name(), problem.getMessage());
        }
    }

    private static void serve(SecretSlot slot, Secret secret) {
        slot.current = secret;
        slot.users.forEach(Runnable::run);
    }

    private void watch(SecretSlot slot, Followed followed, Set<Path> paths) {
        if (paths.equals(followed.folders)) {
            return;
        }
        followed.stopWatching.run();
        ActorRef<Command> self = context.getSelf();
        List<Runnable> stops = paths.stream()
                .map(path -> folders.watch(path, () -> self.tell(new Moved(slot))))
                .toList();
        followed.folders = paths;
        followed.stopWatching = () -> stops.forEach(Runnable::run);
    }

    private State state() {
        return new State(secrets.entrySet().stream()
                .map(entry -> new SecretView(
                        entry.getKey().named.name(),
                        entry.getKey().current == null ? "warming" : "active",
                        entry.getKey().users.size(),
                        entry.getValue().folders))
                .toList());
    }
}
