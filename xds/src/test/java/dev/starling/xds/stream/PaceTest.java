package dev.starling.xds.stream;

import static dev.starling.xds.stream.StreamFixture.CLUSTERS;
import static dev.starling.xds.stream.StreamFixture.ENDPOINTS;
import static dev.starling.xds.stream.StreamFixture.cluster;
import static dev.starling.xds.stream.StreamFixture.endpoints;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.xds.transport.Transport.Closed;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is read while those who are told are busy, and when it is acknowledged: decision 0017, "Pace". */
class PaceTest {

    @Test
    void whatIsReadAheadWaitsAsOneUpdateAndIsAcknowledgedWithIt() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpointsSlowly("ea");
            fixture.watchEndpoints("eb");
            fixture.answer(ENDPOINTS, "1", endpoints("ea", 1), endpoints("eb", 1));
            fixture.transport.said();
            assertThat(fixture.told()).containsExactly("+x1", "+ebx1");

            fixture.answer(ENDPOINTS, "2", endpoints("ea", 2), endpoints("eb", 2));
            fixture.answer(ENDPOINTS, "3", endpoints("ea", 3), endpoints("eb", 3), endpoints("eb", 4));
            assertThat(fixture.told()).as("who is not waited for").containsExactly("+ebx2", "+ebx3", "?eb");

            fixture.unseen.remove().run();
            assertThat(fixture.told()).containsExactly("+x3");
            assertThat(fixture.transport.said()).isEmpty();

            fixture.unseen.remove().run();
            assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 2/n3 ea eb");
        }
    }

    @Test
    void aRefusalTakesNothingBackThatWaits() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpointsSlowly("ea");
            fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
            fixture.answer(ENDPOINTS, "2", endpoints("ea", 2));
            fixture.answer(ENDPOINTS, "3", endpoints("ea", 2), endpoints("ea", 3));
            fixture.told();

            fixture.unseen.remove().run();

            assertThat(fixture.told()).containsExactly("+x2 ?ea");
        }
    }

    @Test
    void anotherTypeWaitsForWhatCameBefore() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpointsSlowly("ea");
            fixture.watchClusters();
            fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
            fixture.answer(CLUSTERS, "1", cluster("a", ""));
            fixture.transport.said();
            assertThat(fixture.told()).containsExactly("+x1");
            assertThat(fixture.transport.taken).as("nothing is read behind it").isEqualTo(2);

            fixture.unseen.remove().run();

            assertThat(fixture.told()).containsExactly("+a");
            assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 1/n1 ea", "Cluster 1/n1");
            assertThat(fixture.transport.taken).isEqualTo(3);
        }
    }

    @Test
    void readsOnlySoFarAhead() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpointsSlowly("ea");
            for (int i = 1; i <= 64; i++) {
                assertThat(fixture.transport.taken).isEqualTo(i);
                fixture.answer(ENDPOINTS, "" + i, endpoints("ea", i));
            }
            assertThat(fixture.transport.taken).isEqualTo(64);

            fixture.unseen.remove().run();
            assertThat(fixture.transport.taken).isEqualTo(64);
            fixture.unseen.remove().run();

            assertThat(fixture.transport.taken).isEqualTo(65);
            assertThat(fixture.told()).containsExactly("+x1", "+x64");
        }
    }

    /** Who is told sees to it when it pleases, and the plane sends as fast as it may. */
    @Test
    void nobodyHasMoreThanOneUpdateBeforeHimAndTheLastWordIsNeverLost() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpointsSlowly("ea");
            int sent = 0;
            int last = 0;
            for (int step = 0; step < 20_000; step++) {
                if (fixture.transport.taken > sent && random.nextInt(3) > 0) {
                    sent++;
                    fixture.answer(ENDPOINTS, "" + sent, endpoints("ea", sent % 50 + 1));
                } else if (!fixture.unseen.isEmpty()) {
                    fixture.unseen.remove().run();
                }
                assertThat(fixture.unseen.size()).isLessThan(2);
                last = fixture.told.isEmpty() ? last : told(fixture);
            }
            while (!fixture.unseen.isEmpty()) {
                fixture.unseen.remove().run();
                last = fixture.told.isEmpty() ? last : told(fixture);
            }
            assertThat(last).isEqualTo(sent % 50 + 1);
            assertThat(fixture.transport.said())
                    .last()
                    .isEqualTo("ClusterLoadAssignment %1$d/n%1$d ea".formatted(sent));
        }
    }

    private static int told(StreamFixture fixture) {
        return Integer.parseInt(fixture.told().getLast().substring(2));
    }

    @Test
    void acknowledgesWhatAllHaveSeenTo() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpointsSlowly("ea");
            fixture.watchEndpointsSlowly("eb");
            fixture.transport.said();
            fixture.answer(ENDPOINTS, "1", endpoints("ea", 1), endpoints("eb", 1));

            fixture.unseen.remove().run();
            assertThat(fixture.transport.said()).isEmpty();
            fixture.unseen.remove().run();
            assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 1/n1 ea eb");
        }
    }

    @Test
    void whatIsWantedNextIsSaidAfterTheAnswerToWhatIsNotYetSeenTo() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpointsSlowly("ea");
            fixture.transport.said();
            fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));

            fixture.watchClusters();

            assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 1/n1 ea", "Cluster /");
        }
    }

    @Test
    void aWatchThatEndsIsNotWaitedFor() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            var watch = fixture.watchEndpointsSlowly("ea");
            fixture.watchEndpoints("eb");
            fixture.transport.said();
            fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
            fixture.answer(ENDPOINTS, "2", endpoints("ea", 2));
            fixture.told();
            assertThat(fixture.transport.said()).isEmpty();

            fixture.end(watch);
            assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 2/n2 eb");

            fixture.unseen.remove().run();
            assertThat(fixture.told()).isEmpty();
        }
    }

    @Test
    void whoNeverSeesToWhatHeIsToldIsLeftBehind() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpointsSlowly("ea");
            fixture.transport.said();
            fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
            fixture.pass(Duration.ofSeconds(29));
            assertThat(fixture.transport.said()).isEmpty();

            fixture.pass(Duration.ofSeconds(1));

            assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 1/n1 ea");
        }
    }

    @Test
    void whoIsLeftBehindIsToldWhatHasComeSinceAndIsWaitedForAgain() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpointsSlowly("ea");
            fixture.transport.said();
            fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
            fixture.pass(Duration.ofSeconds(20));
            fixture.answer(ENDPOINTS, "2", endpoints("ea", 2));
            fixture.pass(Duration.ofSeconds(10));
            assertThat(fixture.told()).containsExactly("+x1", "+x2");

            fixture.unseen.remove().run(); // late
            fixture.pass(Duration.ofSeconds(29));
            assertThat(fixture.transport.said()).isEmpty();
            fixture.unseen.remove().run();
            assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 2/n2 ea");
        }
    }

    @Test
    void eachUpdateIsWaitedForAsLong() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpointsSlowly("ea");
            fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
            fixture.unseen.remove().run();
            fixture.transport.said();
            fixture.pass(Duration.ofSeconds(20));
            fixture.answer(ENDPOINTS, "2", endpoints("ea", 2));

            fixture.pass(Duration.ofSeconds(29));
            assertThat(fixture.transport.said()).isEmpty();
            fixture.pass(Duration.ofSeconds(1));
            assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 2/n2 ea");
        }
    }

    @Test
    void whatANewStreamSaysWaitsForTheLastWordOfTheOldOne() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpointsSlowly("ea");
            fixture.watchClusters();
            fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
            fixture.transport.close(Closed.unavailable("gone"));
            fixture.pass(Duration.ofSeconds(1));
            assertThat(fixture.transport.opened).hasSize(2);
            fixture.answer(CLUSTERS, "1", cluster("a", ""));
            assertThat(fixture.told()).containsExactly("+x1");

            fixture.unseen.remove().run();

            assertThat(fixture.told()).containsExactly("+a");
        }
    }

    @Test
    void whatWaitedOnAStreamThatHasEndedIsForgotten() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpointsSlowly("ea");
            fixture.watchClusters();
            fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
            fixture.answer(CLUSTERS, "1", cluster("a", ""));
            fixture.transport.close(Closed.unavailable("gone"));
            fixture.pass(Duration.ofSeconds(1));
            fixture.told();

            fixture.unseen.remove().run();

            assertThat(fixture.told()).as("the new stream says it again").isEmpty();
        }
    }

    @Test
    void countsHowLongAnUpdateTook() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpointsSlowly("ea");
            fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
            fixture.pass(Duration.ofMillis(70));
            fixture.counted();

            fixture.unseen.remove().run();

            assertThat(fixture.counted()).containsExactly("took 70 ms");
        }
    }
}
