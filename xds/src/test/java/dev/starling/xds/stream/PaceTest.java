package dev.starling.xds.stream;

import static dev.starling.xds.stream.StreamFixture.CLUSTERS;
import static dev.starling.xds.stream.StreamFixture.ENDPOINTS;
import static dev.starling.xds.stream.StreamFixture.cluster;
import static dev.starling.xds.stream.StreamFixture.endpoints;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.xds.subscription.Watch;
import dev.starling.xds.transport.Transport.Closed;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is read while those who are told are busy, and when it is acknowledged: decision 0017, "Pace". */
class PaceTest {

    private final StreamFixture fixture = new StreamFixture();
    private final Watch<ClusterLoadAssignment> slow;

    PaceTest() {
        fixture.begin();
        slow = fixture.watchEndpointsSlowly("ea");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Who is slow has seen to what it was told next. */
    private void seen() {
        fixture.unseen.remove().run();
    }

    @Test
    void whatIsReadAheadWaitsAsOneUpdateAndIsAcknowledgedWithIt() {
        fixture.watchEndpoints("eb");
        fixture.answer(ENDPOINTS, "1", endpoints("ea", 1), endpoints("eb", 1));
        fixture.transport.said();
        assertThat(fixture.told()).containsExactly("+x1", "+ebx1");

        fixture.answer(ENDPOINTS, "2", endpoints("ea", 2), endpoints("eb", 2));
        fixture.answer(ENDPOINTS, "3", endpoints("ea", 3), endpoints("eb", 3), endpoints("eb", 4));
        assertThat(fixture.told()).as("who is not waited for").containsExactly("+ebx2", "+ebx3", "?eb");

        seen();
        assertThat(fixture.told()).containsExactly("+x3");
        assertThat(fixture.transport.said()).isEmpty();

        seen();
        assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 2/n3 ea eb");
    }

    @Test
    void aRefusalTakesNothingBackThatWaits() {
        fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
        fixture.answer(ENDPOINTS, "2", endpoints("ea", 2));
        fixture.answer(ENDPOINTS, "3", endpoints("ea", 2), endpoints("ea", 3));
        fixture.told();

        seen();

        assertThat(fixture.told()).containsExactly("+x2 ?ea");
    }

    @Test
    void anotherTypeWaitsForWhatCameBefore() {
        fixture.watchClusters();
        fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
        fixture.answer(CLUSTERS, "1", cluster("a", ""));
        fixture.transport.said();
        assertThat(fixture.told()).containsExactly("+x1");
        assertThat(fixture.transport.taken).as("nothing is read behind it").isEqualTo(2);

        seen();

        assertThat(fixture.told()).containsExactly("+a");
        assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 1/n1 ea", "Cluster 1/n1");
        assertThat(fixture.transport.taken).isEqualTo(3);
    }

    @Test
    void readsOnlySoFarAhead() {
        for (int i = 1; i <= 64; i++) {
            assertThat(fixture.transport.taken).isEqualTo(i);
            fixture.answer(ENDPOINTS, "" + i, endpoints("ea", i));
        }
        assertThat(fixture.transport.taken).isEqualTo(64);

        seen();
        assertThat(fixture.transport.taken).isEqualTo(64);
        seen();

        assertThat(fixture.transport.taken).isEqualTo(65);
        assertThat(fixture.told()).containsExactly("+x1", "+x64");
    }

    /** Who is told sees to it when it pleases, and the plane sends as fast as it may. */
    @Test
    void nobodyHasMoreThanOneUpdateBeforeHimAndTheLastWordIsNeverLost() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        int sent = 0;
        int last = 0;
        for (int step = 0; step < 20_000; step++) {
            if (fixture.transport.taken > sent && random.nextInt(3) > 0) {
                sent++;
                fixture.answer(ENDPOINTS, "" + sent, endpoints("ea", sent % 50 + 1));
            } else if (!fixture.unseen.isEmpty()) {
                seen();
            }
            assertThat(fixture.unseen.size()).isLessThan(2);
            last = fixture.told.isEmpty() ? last : lastTold();
        }
        while (!fixture.unseen.isEmpty()) {
            seen();
            last = fixture.told.isEmpty() ? last : lastTold();
        }
        assertThat(last).isEqualTo(sent % 50 + 1);
        assertThat(fixture.transport.said()).last().isEqualTo("ClusterLoadAssignment %1$d/n%1$d ea".formatted(sent));
    }

    private int lastTold() {
        return Integer.parseInt(fixture.told().getLast().substring(2));
    }

    @Test
    void acknowledgesWhatAllHaveSeenTo() {
        fixture.watchEndpointsSlowly("eb");
        fixture.transport.said();
        fixture.answer(ENDPOINTS, "1", endpoints("ea", 1), endpoints("eb", 1));

        seen();
        assertThat(fixture.transport.said()).isEmpty();
        seen();
        assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 1/n1 ea eb");
    }

    @Test
    void whatIsWantedNextIsSaidAfterTheAnswerToWhatIsNotYetSeenTo() {
        fixture.transport.said();
        fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));

        fixture.watchClusters();

        assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 1/n1 ea", "Cluster /");
    }

    @Test
    void aWatchThatEndsIsNotWaitedFor() {
        fixture.watchEndpoints("eb");
        fixture.transport.said();
        fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
        fixture.answer(ENDPOINTS, "2", endpoints("ea", 2));
        fixture.told();
        assertThat(fixture.transport.said()).isEmpty();

        fixture.end(slow);
        assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 2/n2 eb");

        seen();
        assertThat(fixture.told()).isEmpty();
    }

    @Test
    void whoNeverSeesToWhatHeIsToldIsLeftBehind() {
        fixture.transport.said();
        fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
        fixture.pass(Duration.ofSeconds(29));
        assertThat(fixture.transport.said()).isEmpty();

        fixture.pass(Duration.ofSeconds(1));

        assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 1/n1 ea");
    }

    @Test
    void whoIsLeftBehindIsToldWhatHasComeSinceAndIsWaitedForAgain() {
        fixture.transport.said();
        fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
        fixture.pass(Duration.ofSeconds(20));
        fixture.answer(ENDPOINTS, "2", endpoints("ea", 2));
        fixture.pass(Duration.ofSeconds(10));
        assertThat(fixture.told()).containsExactly("+x1", "+x2");

        seen(); // late
        fixture.pass(Duration.ofSeconds(29));
        assertThat(fixture.transport.said()).isEmpty();
        seen();
        assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 2/n2 ea");
    }

    @Test
    void eachUpdateIsWaitedForAsLong() {
        fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
        seen();
        fixture.transport.said();
        fixture.pass(Duration.ofSeconds(20));
        fixture.answer(ENDPOINTS, "2", endpoints("ea", 2));

        fixture.pass(Duration.ofSeconds(29));
        assertThat(fixture.transport.said()).isEmpty();
        fixture.pass(Duration.ofSeconds(1));
        assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment 2/n2 ea");
    }

    @Test
    void whatANewStreamSaysWaitsForTheLastWordOfTheOldOne() {
        fixture.watchClusters();
        fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
        fixture.transport.close(Closed.unavailable("gone"));
        fixture.pass(Duration.ofSeconds(1));
        assertThat(fixture.transport.opened).hasSize(2);
        fixture.answer(CLUSTERS, "1", cluster("a", ""));
        assertThat(fixture.told()).containsExactly("+x1");

        seen();

        assertThat(fixture.told()).containsExactly("+a");
    }

    @Test
    void whatWaitedOnAStreamThatHasEndedIsForgotten() {
        fixture.watchClusters();
        fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
        fixture.answer(CLUSTERS, "1", cluster("a", ""));
        fixture.transport.close(Closed.unavailable("gone"));
        fixture.pass(Duration.ofSeconds(1));
        fixture.told();

        seen();

        assertThat(fixture.told()).as("the new stream says it again").isEmpty();
    }

    @Test
    void countsHowLongAnUpdateTook() {
        fixture.answer(ENDPOINTS, "1", endpoints("ea", 1));
        fixture.pass(Duration.ofMillis(70));
        fixture.counted();

        seen();

        assertThat(fixture.counted()).containsExactly("took 70 ms");
    }
}
