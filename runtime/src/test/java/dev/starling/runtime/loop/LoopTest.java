package dev.starling.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LoopTest {

    private static final OneLoop one = new OneLoop(Clock.SYSTEM);

    private final Loop loop = one.loop();
    private final List<String> flushed = new ArrayList<>();

    @AfterAll
    static void stop() {
        one.close();
    }

    @Test
    void flushesWhatIsListedOnceWhenTheTurnEnds() {
        List<String> during = one.turn(() -> {
            loop.flushAtEndOfTurn(() -> flushed.add("a"));
            loop.flushAtEndOfTurn(() -> flushed.add("b"));
            return List.copyOf(flushed);
        });
        assertThat(during).isEmpty();
        assertThat(flushed).containsExactly("a", "b");

        one.turn(() -> {});
        assertThat(flushed).containsExactly("a", "b");

        one.turn(() -> loop.flushAtEndOfTurn(() -> flushed.add("c")));
        assertThat(flushed).containsExactly("a", "b", "c");
    }

    @Test
    void flushesWhatIsListedWhileItFlushes() {
        one.turn(() -> loop.flushAtEndOfTurn(() -> {
            flushed.add("first");
            loop.flushAtEndOfTurn(() -> flushed.add("second"));
        }));

        assertThat(flushed).containsExactly("first", "second");
    }

    @Test
    void flushesTheOthersWhereOneThrows() {
        long before = one.counter("flush_failures");
        List<Loop.Flushable> failing = List.of(
                () -> {
                    throw new IllegalStateException("exception");
                },
                () -> {
                    throw new OutOfMemoryError("error");
                });
        for (Loop.Flushable bad : failing) {
            one.turn(() -> {
                loop.flushAtEndOfTurn(() -> flushed.add("before"));
                loop.flushAtEndOfTurn(bad);
                loop.flushAtEndOfTurn(() -> flushed.add("after"));
            });
            one.turn(() -> loop.flushAtEndOfTurn(() -> flushed.add("next turn")));
        }

        assertThat(flushed).containsExactly("before", "after", "next turn", "before", "after", "next turn");
        assertThat(one.counter("flush_failures") - before).isEqualTo(2);
    }

    @Test
    void runsATaskAtOnceOnItsOwnThreadAndSoonFromAnother() {
        boolean atOnce = one.turn(() -> {
            boolean[] ran = new boolean[1];
            loop.run(() -> ran[0] = true);
            return ran[0];
        });
        assertThat(atOnce).isTrue();

        CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
        loop.run(() -> onLoop.complete(loop.eventLoop().inEventLoop()));
        assertThat(OneLoop.await(onLoop)).isTrue();
    }

    @Test
    void lendsAnArrayOfTheLengthThatIsAsked() {
        for (int length : new int[] {0, 1, 4096, 4097, 100_000, 10}) {
            assertThat(one.turn(() -> loop.scratch(length)).length).isGreaterThanOrEqualTo(length);
        }
        assertThat(one.turn(() -> loop.scratch(10))).isSameAs(one.turn(() -> loop.scratch(10)));
    }

    @Test
    void countsTimersThatFailAndLetsTheOthersExpire() {
        long before = one.counter("timer_failures");
        CompletableFuture<Boolean> expired = new CompletableFuture<>();
        one.turn(() -> {
            loop.timers()
                    .arm(
                            new TimerWheel.Timer() {
                                @Override
                                protected void expired() {
                                    throw new IllegalStateException("timer");
                                }
                            },
                            0);
            loop.timers()
                    .arm(
                            new TimerWheel.Timer() {
                                @Override
                                protected void expired() {
                                    expired.complete(true);
                                }
                            },
                            0);
        });

        assertThat(OneLoop.await(expired)).isTrue();
        assertThat(one.counter("timer_failures") - before).isEqualTo(1);
    }

    @Test
    void doesWorkOnceHoweverOftenItIsAskedFor() {
        List<Integer> seen = new ArrayList<>();
        int[] published = new int[1];
        LoopTask task = new LoopTask(one.loops(), on -> {
            assertThat(on).isSameAs(loop);
            seen.add(published[0]);
        });
        one.turn(() -> {
            for (int i = 1; i <= 100; i++) {
                published[0] = i;
                task.request();
            }
        });
        one.turn(() -> {});
        assertThat(seen).containsExactly(100);

        one.turn(task::request);
        one.turn(() -> {});
        assertThat(seen).containsExactly(100, 100);
    }

    @Test
    void asksAgainForWhatIsPublishedDuringTheWork() {
        List<String> seen = new ArrayList<>();
        LoopTask[] task = new LoopTask[1];
        task[0] = new LoopTask(one.loops(), on -> {
            seen.add("work");
            if (seen.size() == 1) {
                task[0].request();
            }
        });
        one.turn(task[0]::request);
        one.turn(() -> {});
        one.turn(() -> {});

        assertThat(seen).containsExactly("work", "work");
    }
}
