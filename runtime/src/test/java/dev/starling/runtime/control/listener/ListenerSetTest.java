package dev.starling.runtime.control.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.listener.Listener;
import dev.starling.runtime.control.Configs;
import dev.starling.runtime.listener.ListenerView;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

class ListenerSetTest {

    private final ListenerSet set = new ListenerSet();

    private ActorRef<ListenerActor.Command> add(String name) {
        ActorRef<ListenerActor.Command> actor =
                TestInbox.<ListenerActor.Command>create(name).getRef();
        set.add(listener(name), true, actor);
        return actor;
    }

    private static Listener listener(String name) {
        return Configs.bootstrap(
                        List.of(Configs.httpListener(name, "up")),
                        List.of(Configs.cluster("up", "connect_timeout: 1s")))
                .listeners()
                .getFirst();
    }

    private static ListenerView view(String name) {
        return new ListenerView(listener(name), List.of(), true);
    }

    @Test
    void showsWhatIsInServiceInTheOrderOfTheConfiguration() {
        add("first");
        add("second");
        add("third");

        assertThat(set.serves(view("third"))).isTrue();
        assertThat(set.serves(view("first"))).isTrue();

        assertThat(set.inService()).extracting(ListenerView::name).containsExactly("first", "third");
    }

    @Test
    void keepsWhatWasRemovedUntilItHasEnded() {
        ActorRef<ListenerActor.Command> actor = add("a");
        set.serves(view("a"));

        set.remove("a");

        assertThat(set.find("a")).isEmpty();
        assertThat(set.inService()).isEmpty();
        assertThat(set.leaving()).containsExactly(actor);
        assertThat(set.ended(actor)).isFalse();
        assertThat(set.leaving()).isEmpty();
        assertThat(set.living()).isEmpty();
    }

    @Test
    void showsNothingOfAListenerThatWasRemovedBeforeItServed() {
        add("a");
        set.remove("a");

        assertThat(set.serves(view("a"))).isFalse();
        assertThat(set.inService()).isEmpty();
    }

    @Test
    void knowsTheOneThatEndsUnasked() {
        ActorRef<ListenerActor.Command> removed = add("a");
        set.remove("a");
        ActorRef<ListenerActor.Command> again = add("a");

        assertThat(set.leaving()).containsExactly(removed);
        assertThat(set.ended(again)).isTrue();
        assertThat(set.names()).isEmpty();
    }
}
