package dev.starling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ActorInspectorTest {

    private final ActorTestKit kit = ActorTestKit.create();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    /** Has children of every kind. */
    public static final class Owner {
        public interface Command {}

        public record GetState(ActorRef<Owner.State> replyTo) implements Owner.Command {}

        public record State(
                String phase,
                SortedMap<String, ActorRef<Leaf.Command>> leaves,
                Optional<ActorRef<Leaf.Command>> spare,
                List<Inner> inner) {}

        public record Inner(int version, ActorRef<Leaf.Command> leaf) {}

        static Behavior<Owner.Command> telling(Owner.State state) {
            return Behaviors.receive(Owner.Command.class)
                    .onMessage(Owner.GetState.class, ask -> {
                        ask.replyTo().tell(state);
                        return Behaviors.same();
                    })
                    .build();
        }
    }

    /** Tells its name. */
    public static final class Leaf {
        public interface Command {}

        public record GetState(ActorRef<Leaf.State> replyTo) implements Leaf.Command {}

        public record State(String name, Duration maxAge) {}

        static Behavior<Leaf.Command> named(String name) {
            return Behaviors.receive(Leaf.Command.class)
                    .onMessage(Leaf.GetState.class, ask -> {
                        ask.replyTo().tell(new Leaf.State(name, Duration.ofSeconds(3)));
                        return Behaviors.same();
                    })
                    .build();
        }
    }

    private ActorInspector inspector(int maxAsks, Optional<ActorRef<Leaf.Command>> spare) {
        ActorRef<Leaf.Command> a = kit.spawn(Leaf.named("A"), "a");
        ActorRef<Leaf.Command> b = kit.spawn(Leaf.named("B"), "b");
        ActorRef<Owner.Command> owner = kit.spawn(
                Owner.telling(new Owner.State(
                        "active", new TreeMap<>(Map.of("a", a)), spare, List.of(new Owner.Inner(1, b)))),
                "owner");
        return ActorInspector.of(
                owner,
                Owner.Command.class,
                kit.scheduler(),
                new ActorInspector.Settings(Duration.ofMillis(300), maxAsks));
    }

    private static String look(ActorInspector inspector, String... path) throws Exception {
        Object seen = inspector
                .inspect(List.of(path))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .orElseThrow();
        return ((AdminResponse.Body.Whole) JsonPage.value(seen).body()).text().replaceAll("\\s+", " ");
    }

    @Test
    void asksAllBelow() throws Exception {
        assertThat(look(inspector(100, Optional.empty())))
                .isEqualTo("{ \"actor\": \"/user/owner\", \"phase\": \"active\","
                        + " \"leaves\": { \"a\": { \"actor\": \"/user/a\", \"name\": \"A\", \"max_age\": \"PT3S\" } },"
                        + " \"spare\": null,"
                        + " \"inner\": [ { \"version\": 1,"
                        + " \"leaf\": { \"actor\": \"/user/b\", \"name\": \"B\", \"max_age\": \"PT3S\" } } ] } ");
    }

    @Test
    void goesWhereThePathLeads() throws Exception {
        ActorInspector inspector = inspector(100, Optional.empty());
        String leaf = "{ \"actor\": \"/user/a\", \"name\": \"A\", \"max_age\": \"PT3S\" } ";

        assertThat(look(inspector, "leaves", "a")).isEqualTo(leaf);
        assertThat(look(inspector, "a")).isEqualTo(leaf);
        assertThat(look(inspector, "a", "name")).isEqualTo("\"A\" ");
        assertThat(look(inspector, "inner", "0", "leaf", "name")).isEqualTo("\"B\" ");
        assertThat(look(inspector, "leaf", "name")).isEqualTo("\"B\" ");
        for (List<String> nowhere : List.of(List.of("c"), List.of("inner", "1"), List.of("a", "name", "x"))) {
            assertThat(inspector.inspect(nowhere).toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .as("%s", nowhere)
                    .isEmpty();
        }
    }

    @Test
    void showsWhatItKnowsWhereAnActorIsSilent() throws Exception {
        ActorRef<Leaf.Command> silent = kit.spawn(Behaviors.ignore(), "silent");

        assertThat(look(inspector(100, Optional.of(silent))))
                .contains("\"spare\": { \"actor\": \"/user/silent\", \"unanswered_after\": \"PT0.3S\" }")
                .contains("\"name\": \"A\"");
    }

    @Test
    void asksNoMoreThanItsBound() throws Exception {
        assertThat(look(inspector(2, Optional.empty())))
                .contains("\"name\": \"A\"")
                .contains("\"leaf\": \"/user/b\"");
    }
}
