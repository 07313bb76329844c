package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One request after the other on one connection, from the first to the last; each must be answered as it may be then. An
 * answer says with {@code x-state} which state of the proxy it is from.
 */
final class SteadyClient implements AutoCloseable {

    static final String STATE = "x-state";

    private final CompletableFuture<Void> asking;
    private volatile Set<String> allowed;
    private volatile Answer last = new Answer("", "");
    private final AtomicLong answers = new AtomicLong();
    private volatile boolean over;

    private record Answer(String state, String body) {}

    /** @param allowed the bodies that answers may have at first */
    SteadyClient(InetSocketAddress listener, Set<String> allowed) {
        this.allowed = allowed;
        this.asking = CompletableFuture.runAsync(() -> ask(listener), Thread::startVirtualThread);
    }

    private void ask(InetSocketAddress listener) {
        try (var wire = Wire.connect(listener)) {
            while (!over) {
                Set<String> may = new HashSet<>(allowed);
                String answer = wire.get("/").response();
                String body = after(answer, "\r\n\r\n");
                may.addAll(allowed);
                assertThat(answer).as("answer %s", answers).startsWith("HTTP/1.1 200 ");
                assertThat(may).as("answer %s", answers).contains(body);
                last = new Answer(
                        after(answer, STATE + ": ").lines().findFirst().orElse(""), body);
                answers.incrementAndGet();
            }
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static String after(String text, String mark) {
        int at = text.indexOf(mark);
        return at < 0 ? "" : text.substring(at + mark.length());
    }

    /** From now on, and for what is on its way. */
    void allow(Set<String> bodies) {
        allowed = bodies;
    }

    long answers() {
        return answers.get();
    }

    /** Returns when an answer from this state has this body. */
    void awaitAnswer(int state, String body) {
        Answer wanted = new Answer(Integer.toString(state), body);
        await(wanted.toString())
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> isAsking() && last.equals(wanted));
    }

    /** Returns when there were so many answers more. */
    void awaitAnswers(int more) {
        long enough = answers.get() + more;
        await("answers")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> isAsking() && answers.get() >= enough);
    }

    /** Throws what it has met. */
    boolean isAsking() {
        if (asking.isDone()) {
            asking.join();
        }
        return !asking.isDone();
    }

    /** Returns when the last answer has come; throws what it has met. */
    void finish() {
        over = true;
        asking.join();
    }

    @Override
    public void close() {
        over = true;
    }
}
