package dev.starling.admin;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * Walks a tree of actors by what they tell of themselves. Every actor of ours answers {@code GetState(ActorRef<State>)},
 * nested beside its {@code Command}, with a record; an {@code ActorRef<That.Command>} in such a record, or in a
 * collection or record inside it, is a child, and is asked in its turn. So a new actor shows as soon as its owner
 * names it in its state, and nothing here has to know it.
 *
 * <p>A look asks at most so many actors; further ones are shown by their path, which can be looked at by itself.
 */
public final class ActorInspector implements ActorTree {

    private final Node root;
    private final Scheduler scheduler;
    private final Settings settings;

    /**
     * Bounds of one look.
     *
     * @param timeout of each ask
     * @param maxAsks how many actors are asked at most
     */
    public record Settings(Duration timeout, int maxAsks) {
        public static final Settings DEFAULT = new Settings(Duration.ofSeconds(1), 2000);
    }

    private ActorInspector(Node root, Scheduler scheduler, Settings settings) {
        this.root = root;
        this.scheduler = scheduler;
        this.settings = settings;
    }

    /**
     * A tree by its root.
     *
     * @param commands the root's command type, beside which its {@code GetState} is
     */
    public static <C> ActorInspector of(
            ActorRef<? super C> root, Class<C> commands, Scheduler scheduler, Settings settings) {
        return new ActorInspector(new Node(root, new RefType(commands)), scheduler, settings);
    }

    /** A value and what it was declared as, for an actor's reference does not know what it takes. */
    private record Node(Object value, Type declared) {}

    @Override
    public CompletionStage<Optional<Object>> inspect(List<String> path) {
        return find(root, path)
                .thenCompose(found -> found.isEmpty()
                        ? CompletableFuture.completedStage(Optional.empty())
                        : render(found.get(), new AtomicInteger(settings.maxAsks()))
                                .thenApply(Optional::of));
    }

    private CompletionStage<Optional<Node>> find(Node at, List<String> path) {
        if (path.isEmpty()) {
            return CompletableFuture.completedStage(Optional.of(at));
        }
        if (at.value() instanceof ActorRef<?> actor) {
            return ask(actor, at.declared())
                    .thenCompose(state -> state.isEmpty()
                            ? CompletableFuture.completedStage(Optional.empty())
                            : find(state.get(), path));
        }
        Optional<Node> next = step(at, path.getFirst());
        return next.isEmpty()
                ? CompletableFuture.completedStage(Optional.empty())
                : find(next.get(), path.subList(1, path.size()));
    }

    /**
     * By the name of a component, by a key of one that is a map, or by what the first of a list of records has: versions
     * of a thing begin with the one in service. Lists also go by position.
     */
    private static Optional<Node> step(Node at, String name) {
        return switch (at.value()) {
            case Record state -> {
                Map<String, Node> components = components(state);
                Node named = components.get(name);
                yield named != null
                        ? Optional.of(named)
                        : components.values().stream()
                                .flatMap(component -> inside(component, name).stream())
                                .findFirst();
            }
            case Optional<?> value ->
                value.flatMap(present -> step(new Node(present, RefType.argument(at.declared(), 0)), name));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .filter(entry -> String.valueOf(entry.getKey()).equals(name))
                        .findFirst()
                        .map(entry -> new Node(entry.getValue(), RefType.argument(at.declared(), 1)));
            case List<?> list ->
                name.matches("[0-9]{1,6}") && Integer.parseInt(name) < list.size()
                        ? Optional.of(new Node(list.get(Integer.parseInt(name)), RefType.argument(at.declared(), 0)))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Node> inside(Node component, String name) {
        return switch (component.value()) {
            case Map<?, ?> _ -> step(component, name);
            case List<?> list
            when !list.isEmpty() && list.getFirst() instanceof Record first -> {
                Node named = components(first).get(name);
                yield Optional.ofNullable(named);
            }
            default -> Optional.empty();
        };
    }

    /** As maps, lists and plain values; an absent optional stays one. */
    private CompletableFuture<Object> render(Node node, AtomicInteger asksLeft) {
        return switch (node.value()) {
            case ActorRef<?> actor -> renderActor(actor, node.declared(), asksLeft);
            case Record state -> renderMembers(components(state), asksLeft);
            case Optional<?> value
            when value.isPresent() -> render(new Node(value.get(), RefType.argument(node.declared(), 0)), asksLeft);
            case Map<?, ?> map -> {
                Map<String, Node> members = new LinkedHashMap<>();
                Type type = RefType.argument(node.declared(), 1);
                map.forEach((key, value) -> members.put(String.valueOf(key), new Node(value, type)));
                yield renderMembers(members, asksLeft);
            }
            case Collection<?> elements -> {
                Type type = RefType.argument(node.declared(), 0);
                yield all(elements.stream()
                                .map(element -> render(new Node(element, type), asksLeft))
                                .toList())
                        .thenApply(List::copyOf);
            }
            default -> CompletableFuture.completedFuture(node.value());
        };
    }

    private CompletableFuture<Object> renderActor(ActorRef<?> actor, Type declared, AtomicInteger asksLeft) {
        String path = actor.path().toStringWithoutAddress();
        if (RefType.getState(declared).isEmpty() || asksLeft.decrementAndGet() < 0) {
            return CompletableFuture.completedFuture(path);
        }
        return ask(actor, declared).toCompletableFuture().thenCompose(state -> {
            Map<String, Node> members = new LinkedHashMap<>();
            members.put("actor", new Node(path, String.class));
            if (state.isPresent() && state.get().value() instanceof Record told) {
                members.putAll(components(told));
            } else {
                members.put("unanswered_after", new Node(settings.timeout(), Duration.class));
            }
            return renderMembers(members, asksLeft);
        });
    }

    private CompletableFuture<Object> renderMembers(Map<String, Node> members, AtomicInteger asksLeft) {
        List<String> names = List.copyOf(members.keySet());
        return all(members.values().stream()
                        .map(member -> render(member, asksLeft))
                        .toList())
                .thenApply(values -> {
                    Map<String, Object> rendered = new LinkedHashMap<>();
                    for (int i = 0; i < names.size(); i++) {
                        rendered.put(names.get(i), values.get(i));
                    }
                    return rendered;
                });
    }

    private static CompletableFuture<List<Object>> all(List<CompletableFuture<Object>> values) {
        return CompletableFuture.allOf(values.toArray(CompletableFuture<?>[]::new))
                .thenApply(
                        _ -> values.stream().map(CompletableFuture::resultNow).toList());
    }

    /** The actor's state; empty if it has none to tell or does not answer in time. */
    private CompletionStage<Optional<Node>> ask(ActorRef<?> actor, Type declared) {
        Optional<Constructor<?>> getState = RefType.getState(declared);
        if (getState.isEmpty()) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        // Sound, because the constructor was found beside the command type that the reference was declared with.
        @SuppressWarnings("unchecked")
        ActorRef<Object> told = (ActorRef<Object>) actor;
        return AskPattern.<Object, Object>ask(
                        told, replyTo -> getState.get().newInstance(replyTo), settings.timeout(), scheduler)
                .handle((state, failure) ->
                        failure == null ? Optional.of(new Node(state, state.getClass())) : Optional.empty());
    }

    /** By name, as JSON has them. */
    private static Map<String, Node> components(Record state) {
        Map<String, Node> components = new LinkedHashMap<>();
        for (RecordComponent component : state.getClass().getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(state);
                components.put(
                        snakeCase(component.getName()),
                        new Node(value == null ? Optional.empty() : value, component.getGenericType()));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a state that cannot be read: " + state.getClass(), e);
            }
        }
        return components;
    }

    private static String snakeCase(String name) {
        StringBuilder text = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                text.append('_');
            }
            text.append(Character.toLowerCase(c));
        }
        return text.toString();
    }
}
