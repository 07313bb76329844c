package dev.starling.xds.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.starling.config.ByteCount;
import dev.starling.config.accesslog.LogService;
import dev.starling.config.accesslog.LogService.Entries;
import dev.starling.config.discovery.GrpcService;
import dev.starling.xds.transport.Transport;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is gathered, sent, held and dropped; and what each stream begins with. */
class LogStreamTest {

    private static final GrpcService SERVICE =
            new GrpcService(new GrpcService.Target.Channel("dns:///logs"), List.of(), GrpcService.Backoff.DEFAULT);

    private final Wire wire = new Wire();
    private final Counts counts = new Counts();

    private LogStream stream(Entries entries, long bufferBytes) {
        return new LogStream(
                new LogService(
                        entries,
                        "mine",
                        SERVICE,
                        Duration.ofSeconds(1),
                        new ByteCount(bufferBytes),
                        List.of(),
                        List.of()),
                Node.newBuilder().setId("me").build(),
                wire,
                Runnable::run,
                counts);
    }

    private static void log(LogStream stream, String route) {
        if (stream.hasRoom()) {
            LogEntry entry = new LogEntry();
            entry.routeName(route);
            stream.add(entry);
        }
    }

    @Test
    void opensWithTheFirstBatchAndSaysOnlyThenWhoItIs() {
        LogStream stream = stream(Entries.HTTP, 1000);
        assertThat(wire.opened).isZero();

        log(stream, "a");
        log(stream, "b");
        assertThat(wire.opened).isZero();
        stream.flush();
        log(stream, "c");
        stream.flush();

        assertThat(wire.opened).isOne();
        assertThat(wire.sent).hasSize(2);
        assertThat(wire.sent.getFirst().getIdentifier().getNode().getId()).isEqualTo("me");
        assertThat(wire.sent.getFirst().getIdentifier().getLogName()).isEqualTo("mine");
        assertThat(routes(wire.sent.getFirst())).containsExactly("a", "b");
        assertThat(wire.sent.getLast().hasIdentifier()).isFalse();
        assertThat(counts).hasToString("written 3, dropped 0, flushed 3, failed 0");
    }

    private static List<String> routes(StreamAccessLogsMessage message) {
        return message.getHttpLogs().getLogEntryList().stream()
                .map(entry -> entry.getCommonProperties().getRouteName())
                .toList();
    }

    @Test
    void sendsAFullBufferAtOnceAndWithoutOneEachEntry() {
        LogStream full = stream(Entries.TCP, 30);
        log(full, "0123456789012345678901234567890");
        assertThat(wire.sent).hasSize(1);
        assertThat(wire.sent.getFirst().getTcpLogs().getLogEntryCount()).isOne();
        // Envoy counts entries of TCP only when they are sent.
        assertThat(counts).hasToString("written 0, dropped 0, flushed 1, failed 0");

        LogStream unbuffered = stream(Entries.HTTP, 0);
        log(unbuffered, "a");
        log(unbuffered, "b");
        assertThat(wire.sent).hasSize(3);
        assertThat(unbuffered.holdsEntries()).isFalse();
    }

    @Test
    void holdsOneBufferForAServiceThatDoesNotReadAndDropsTheRest() {
        LogStream stream = stream(Entries.HTTP, 20);
        log(stream, "0123456789");
        stream.flush();
        wire.waiting = LogStream.MOST_WAITING_BYTES + 1;
        log(stream, "0123456789");
        log(stream, "0123456789");
        log(stream, "dropped");
        log(stream, "dropped");
        assertThat(wire.sent).hasSize(1);
        assertThat(counts.dropped).isEqualTo(2);
        assertThat(counts.written).isEqualTo(3);

        wire.waiting = 0;
        log(stream, "last");
        stream.flush();
        assertThat(wire.sent.stream().flatMap(message -> routes(message).stream()))
                .containsExactly("0123456789", "0123456789", "0123456789", "last");
    }

    @Test
    void holdsOneEntryWithoutABufferWhileNothingCanBeSent() {
        LogStream stream = stream(Entries.TCP, 0);
        wire.refuses = true;
        for (int i = 0; i < 100; i++) {
            log(stream, "x");
        }
        assertThat(counts.dropped).isEqualTo(99);
        assertThat(counts.flushed).isZero();
    }

    @Test
    void keepsWhatItHasUntilThereIsAStreamToBeHad() {
        LogStream stream = stream(Entries.HTTP, 1000);
        wire.refuses = true;
        log(stream, "a");
        stream.flush();
        stream.flush();
        assertThat(counts).hasToString("written 1, dropped 0, flushed 0, failed 2");

        wire.refuses = false;
        stream.flush();
        assertThat(routes(wire.sent.getFirst())).containsExactly("a");
        assertThat(wire.sent.getFirst().hasIdentifier()).isTrue();
    }

    @Test
    void opensAnewWithTheNextBatchAfterTheEnd() {
        LogStream stream = stream(Entries.HTTP, 1000);
        log(stream, "a");
        stream.flush();
        wire.end();
        assertThat(wire.opened).isOne();

        log(stream, "b");
        stream.flush();
        assertThat(wire.opened).isEqualTo(2);
        assertThat(wire.sent.getLast().hasIdentifier()).isTrue();
    }

    @Test
    void takesWhatTheServiceSaysSoThatItsEndIsSeenBehindIt() {
        LogStream stream = stream(Entries.HTTP, 1000);
        log(stream, "a");
        stream.flush();
        assertThat(wire.asked).isOne();
        wire.receiver().message(ByteBuffer.allocate(0));
        assertThat(wire.asked).isEqualTo(2);
    }

    @Test
    void sendsTheRestBeforeItFinishes() {
        LogStream stream = stream(Entries.HTTP, 1000);
        AtomicBoolean taken = new AtomicBoolean();
        log(stream, "a");
        stream.finish(() -> taken.set(true));
        assertThat(wire.sent).hasSize(1);
        assertThat(wire.finished).isOne();
        assertThat(taken).isFalse();
        wire.end();
        assertThat(taken).isTrue();
    }

    @Test
    void cancelsAStreamThatDoesNotEnd() {
        LogStream stream = stream(Entries.HTTP, 1000);
        AtomicBoolean taken = new AtomicBoolean();
        log(stream, "a");
        stream.finish(() -> taken.set(true));
        stream.cancel();
        assertThat(wire.cancelled).isOne();
        wire.end();
        assertThat(taken).isFalse();
    }

    @Test
    void neitherOpensNorFinishesWithoutEntries() {
        LogStream stream = stream(Entries.HTTP, 1000);
        stream.flush();
        AtomicBoolean taken = new AtomicBoolean();
        stream.finish(() -> taken.set(true));
        stream.cancel();
        assertThat(taken).isTrue();
        assertThat(wire.opened + wire.finished + wire.cancelled).isZero();
    }

    private static final class Counts implements LogStreamStats {
        private int written;
        private int dropped;
        private int flushed;
        private int failed;

        @Override
        public void written() {
            written++;
        }

        @Override
        public void dropped() {
            dropped++;
        }

        @Override
        public void flushed(int entries) {
            flushed += entries;
        }

        @Override
        public void flushFailed(int entries) {
            failed += entries;
        }

        @Override
        public String toString() {
            return "written " + written + ", dropped " + dropped + ", flushed " + flushed + ", failed " + failed;
        }
    }

    /** A transport that keeps what it is given. */
    private static final class Wire implements Transport {
        private final List<StreamAccessLogsMessage> sent = new ArrayList<>();
        private boolean refuses;
        private int waiting;
        private int opened;
        private int asked;
        private int finished;
        private int cancelled;
        private @Nullable Receiver receiver;

        @Override
        public Call open(GrpcService service, String method, Receiver told) {
            assertThat(method).isEqualTo("envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs");
            receiver = told;
            if (refuses) {
                told.closed(Closed.unavailable("not now"));
            } else {
                opened++;
            }
            return new Call() {
                @Override
                public void send(ByteBuffer message) {
                    try {
                        sent.add(StreamAccessLogsMessage.parseFrom(message));
                    } catch (InvalidProtocolBufferException broken) {
                        throw new AssertionError(broken);
                    }
                }

                @Override
                public int waitingBytes() {
                    return waiting;
                }

                @Override
                public void finish() {
                    finished++;
                }

                @Override
                public void more() {
                    asked++;
                }

                @Override
                public void cancel() {
                    cancelled++;
                }
            };
        }

        Receiver receiver() {
            return Objects.requireNonNull(receiver);
        }

        void end() {
            receiver().closed(Closed.unavailable("gone"));
        }
    }
}
