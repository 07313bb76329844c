package dev.starling.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoopFlowTest {

    private static final OneLoop one = new OneLoop(Clock.SYSTEM);

    private final List<String> log = new ArrayList<>();
    private final CompletableFuture<Boolean> last = new CompletableFuture<>();
    private final LoopFlow<Element> flow = one.turn(this::start);

    private LoopFlow<Element> start() {
        return LoopFlow.start(
                one.loop(),
                "test",
                List.of(
                        new LoopFlow.Stage<Element>("first", element -> element.first.accept(element)),
                        new LoopFlow.Stage<Element>("second", element -> log.add("second " + element.name))),
                one.system());
    }

    /** Says when it has its turn. */
    private final class Element extends Ready {

        private final String name;
        private final Consumer<Element> first;

        Element(String name, Consumer<Element> then) {
            this.name = name;
            this.first = element -> {
                log.add("first " + name);
                then.accept(element);
            };
        }

        Element(String name) {
            this(name, element -> {});
        }

        @Override
        protected void fail(Throwable cause) {
            log.add("fail " + name + " " + cause.getMessage());
            if (name.equals("bad")) {
                throw new IllegalStateException("cannot even fail");
            }
        }
    }

    private Element end() {
        return new Element("end", element -> one.loop().eventLoop().execute(() -> last.complete(true)));
    }

    @AfterEach
    void complete() {
        one.turn(flow::complete);
    }

    @AfterAll
    static void stop() {
        one.close();
    }

    @Test
    void givesEachElementItsTurnInEachStage() {
        one.turn(() -> {
            flow.ready(new Element("a"));
            flow.ready(new Element("b"));
            flow.ready(end());
            assertThat(log).isEmpty();
        });
        OneLoop.await(last);

        assertThat(log).containsExactly("first a", "second a", "first b", "second b", "first end", "second end");
    }

    @Test
    void queuesAnElementOnceUntilItsTurn() {
        one.turn(() -> {
            Element element = new Element("a");
            flow.ready(element);
            flow.ready(element);
            flow.ready(element);
            flow.ready(end());
            flow.ready(element);
        });
        OneLoop.await(last);

        assertThat(log).containsExactly("first a", "second a", "first end", "second end");
    }

    @Test
    void givesAnotherTurnToWhatBecomesReadyInItsTurn() {
        one.turn(() -> {
            boolean[] again = {true};
            flow.ready(new Element("a", element -> {
                if (again[0]) {
                    again[0] = false;
                    flow.ready(element);
                    flow.ready(element);
                    flow.ready(end());
                }
            }));
            flow.ready(new Element("b"));
        });
        OneLoop.await(last);

        assertThat(log.stream().filter(line -> line.startsWith("first")))
                .containsExactly("first a", "first b", "first a", "first end");
    }

    @Test
    void endsAnElementWhoseTurnThrowsAndNoOther() {
        long before = one.counter("turn_failures");
        one.turn(() -> {
            flow.ready(new Element("a", element -> {
                throw new IllegalStateException("exception");
            }));
            flow.ready(new Element("bad", element -> {
                throw new AssertionError("error");
            }));
            flow.ready(new Element("c"));
            flow.ready(end());
        });
        OneLoop.await(last);

        assertThat(log)
                .containsSubsequence(
                        "first a", "fail a exception", "first bad", "fail bad error", "first c", "second c");
        assertThat(one.counter("turn_failures") - before).isEqualTo(2);
        assertThat(one.counter("flow_restarts")).isZero();
    }

    @Test
    void letsTheLoopDoOtherThingsWhileManyAreReady() {
        one.turn(() -> {}); // the stream runs
        letsTheLoopDoOtherThings(() -> flow);
    }

    @Test
    void letsTheLoopDoOtherThingsWhileManyAreReadyBeforeTheStreamRuns() {
        letsTheLoopDoOtherThings(this::start);
    }

    /** @param ofManyReady what they become ready in, in the same turn of the loop */
    private void letsTheLoopDoOtherThings(Supplier<LoopFlow<Element>> ofManyReady) {
        int many = 10 * ReadySource.TURN_LIMIT;
        List<Integer> turnsSoFar = new ArrayList<>();
        Runnable otherThing = new Runnable() {
            @Override
            public void run() {
                turnsSoFar.add(log.size() / 2);
                if (log.size() < 2 * (many + 1)) {
                    one.loop().eventLoop().execute(this);
                }
            }
        };
        LoopFlow<Element> used = one.turn(() -> {
            LoopFlow<Element> begun = ofManyReady.get();
            for (int i = 0; i < many; i++) {
                begun.ready(new Element("a"));
            }
            begun.ready(end());
            one.loop().eventLoop().execute(otherThing);
            return begun;
        });
        OneLoop.await(last);
        one.turn(used::complete);

        assertThat(log).hasSize(2 * (many + 1));
        for (int i = 1; i < turnsSoFar.size(); i++) {
            assertThat(turnsSoFar.get(i) - turnsSoFar.get(i - 1)).isLessThanOrEqualTo(ReadySource.TURN_LIMIT);
        }
        assertThat(turnsSoFar).last().isEqualTo(many + 1);
    }

    @Test
    void isNotHeldUpByOneThatIsAlwaysReady() {
        boolean[] stop = new boolean[1];
        one.turn(() -> {
            flow.ready(new Element("a", element -> {
                if (!stop[0]) {
                    log.clear();
                    flow.ready(element);
                }
            }));
        });
        one.turn(() -> flow.ready(end()));
        OneLoop.await(last);

        one.turn(() -> {
            stop[0] = true;
        });
    }

    @Test
    void letsWhatIsQueuedPassBeforeItCompletesAndNothingAfter() {
        one.turn(() -> {
            flow.ready(new Element("a"));
            flow.ready(end());
            flow.complete();
            flow.ready(new Element("late"));
        });
        OneLoop.await(last);
        one.turn(() -> {});

        assertThat(log).contains("second a").doesNotContain("first late");
    }
}
