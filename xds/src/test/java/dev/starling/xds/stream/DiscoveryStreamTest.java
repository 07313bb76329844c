package dev.starling.xds.stream;

import static dev.starling.xds.stream.StreamFixture.CLUSTERS;
import static dev.starling.xds.stream.StreamFixture.ENDPOINTS;
import static dev.starling.xds.stream.StreamFixture.cluster;
import static dev.starling.xds.stream.StreamFixture.endpoints;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.starling.config.discovery.ApiConfigSource.RateLimit;
import dev.starling.xds.resource.Held;
import dev.starling.xds.transport.Transport.Closed;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiscoveryStreamTest {

    @Test
    void opensWhenControlPlanesCanBeReachedAndSomethingIsWanted() {
        try (var fixture = new StreamFixture()) {
            fixture.watchClusters();
            assertThat(fixture.transport.opened).isEmpty();

            fixture.begin();

            assertThat(fixture.transport.opened)
                    .containsExactly("envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources");
            assertThat(fixture.transport.said()).containsExactly("Cluster /");
            assertThat(fixture.transport.taken).isOne();
        }
    }

    @Test
    void acknowledgesAParentAndThenAsksForAllItRefersToAtOnce() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchClusters();
            fixture.transport.said();

            fixture.answer(CLUSTERS, "1", cluster("a", "ea"), cluster("b", "eb"));

            assertThat(fixture.transport.said()).containsExactly("Cluster 1/n1", "ClusterLoadAssignment / ea eb");
            assertThat(fixture.told()).containsExactly("+a +b");
            fixture.watchEndpoints("ea");
            fixture.watchEndpoints("eb");
            assertThat(fixture.transport.said()).isEmpty();
        }
    }

    @Test
    void whatNothingRefersToIsWantedAsLongAsItIsWatched() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchClusters();
            fixture.answer(CLUSTERS, "1", cluster("a", "ea"), cluster("b", "eb"));
            var watch = fixture.watchEndpoints("ea");
            fixture.transport.said();

            fixture.answer(CLUSTERS, "2", cluster("b", "eb"));
            assertThat(fixture.transport.said()).containsExactly("Cluster 2/n2");

            fixture.end(watch);
            assertThat(fixture.transport.said()).containsExactly("ClusterLoadAssignment / eb");
        }
    }

    @Test
    void whoComesLaterIsToldWhatIsHeldAtOnce() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchClusters();
            fixture.answer(CLUSTERS, "1", cluster("a", "ea"));
            fixture.answer(ENDPOINTS, "1", endpoints("ea", 2));
            fixture.told();
            fixture.counted();

            fixture.watchEndpoints("ea");

            assertThat(fixture.told()).containsExactly("+eax2");
            assertThat(fixture.counted()).containsExactly("attempted", "succeeded 1");
        }
    }

    @Test
    void tellsEachOnlyWhatConcernsIt() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchEndpoints("ea");
            fixture.watchEndpoints("eb");

            fixture.answer(ENDPOINTS, "1", endpoints("ea", 1), endpoints("ec", 1));
            assertThat(fixture.told()).containsExactly("+eax1");

            fixture.answer(ENDPOINTS, "2", endpoints("ea", 1), endpoints("eb", 1));
            assertThat(fixture.told()).containsExactly("+ebx1");
        }
    }

    @Test
    void opensAgainAfterAGrowingWaitUntilSomethingComes() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchClusters();

            fixture.transport.close(Closed.unavailable("gone"));
            fixture.pass(Duration.ofMillis(498));
            assertThat(fixture.transport.opened).hasSize(1);
            fixture.pass(Duration.ofMillis(1));
            assertThat(fixture.transport.opened).hasSize(2);

            fixture.transport.close(Closed.unavailable("gone"));
            fixture.pass(Duration.ofMillis(998));
            assertThat(fixture.transport.opened).hasSize(2);
            fixture.pass(Duration.ofMillis(1));
            assertThat(fixture.transport.opened).hasSize(3);

            fixture.answer(CLUSTERS, "1");
            fixture.transport.close(Closed.unavailable("gone"));
            fixture.pass(Duration.ofMillis(499));
            assertThat(fixture.transport.opened).hasSize(4);
        }
    }

    @Test
    void aNewStreamAsksForEverythingAgainInTheOrderItWasFirstWanted() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchClusters();
            fixture.answer(CLUSTERS, "1", cluster("a", "ea"));
            fixture.answer(ENDPOINTS, "7", endpoints("ea", 1));
            fixture.transport.said();

            fixture.transport.close(Closed.unavailable("gone"));
            fixture.pass(Duration.ofSeconds(1));

            assertThat(fixture.transport.said()).containsExactly("Cluster 1/", "ClusterLoadAssignment 7/ ea");
            assertThat(fixture.held.held(CLUSTERS.typeUrl()))
                    .extracting(Held::name)
                    .containsExactly("a");
        }
    }

    @Test
    void whatAnOldStreamStillSaysIsIgnored() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchClusters();

            fixture.transport.close(Closed.unavailable("gone"));
            fixture.answer(CLUSTERS, "1", cluster("a", ""));

            assertThat(fixture.told()).isEmpty();
        }
    }

    @Test
    void tellsThatNothingCameAndUsesWhatComesLater() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchClusters();
            fixture.pass(Duration.ofMillis(14_999));
            assertThat(fixture.told()).isEmpty();

            fixture.pass(Duration.ofMillis(1));
            assertThat(fixture.told()).containsExactly("nothing");
            assertThat(fixture.counted()).contains("timed out");

            fixture.answer(CLUSTERS, "1", cluster("a", ""));
            fixture.pass(Duration.ofSeconds(15));
            assertThat(fixture.told()).containsExactly("+a");
        }
    }

    @Test
    void whatIsLentGoesWhenItsTimeIsOver() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchClusters();
            var lent = Resource.newBuilder().setName("a").setResource(Any.pack(cluster("a", "")));
            lent.getTtlBuilder().setSeconds(10);
            fixture.answer(CLUSTERS, "1", lent.build(), cluster("b", ""));
            assertThat(fixture.told()).containsExactly("+a +b");

            fixture.pass(Duration.ofMillis(9_999));
            assertThat(fixture.told()).isEmpty();
            fixture.pass(Duration.ofMillis(1));

            assertThat(fixture.told()).containsExactly("-a");
            assertThat(fixture.held.held(CLUSTERS.typeUrl()))
                    .extracting(Held::name)
                    .containsExactly("b");
        }
    }

    @Test
    void countsWhatHappens() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchClusters();
            assertThat(fixture.counted()).containsExactly("attempted", "connected");

            fixture.answer(CLUSTERS, "1", cluster("a", ""));
            assertThat(fixture.counted()).containsExactly("identified plane", "succeeded 1");

            fixture.answer(CLUSTERS, "2", cluster("a", ""), cluster("a", ""));
            assertThat(fixture.counted()).containsExactly("identified plane", "rejected");
            assertThat(fixture.held.refused(CLUSTERS.typeUrl())).hasSize(1);

            fixture.transport.close(Closed.unavailable("gone"));
            assertThat(fixture.counted()).containsExactly("disconnected", "failed");
        }
    }

    @Test
    void aResponseThatCannotBeDecodedEndsTheStream() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchClusters();

            fixture.transport.answer(ByteString.copyFromUtf8("\u0007junk"));

            assertThat(fixture.transport.cancelled).isOne();
            fixture.pass(Duration.ofSeconds(1));
            assertThat(fixture.transport.opened).hasSize(2);
        }
    }

    @Test
    void aTypeThatWasNeverAskedForIsNotAnswered() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            fixture.watchClusters();
            fixture.transport.said();

            fixture.answer(ENDPOINTS, "1", endpoints("x", 1));

            assertThat(fixture.transport.said()).isEmpty();
            assertThat(fixture.transport.taken).isEqualTo(2);
        }
    }

    @Test
    void saysWhoAsksInEachRequestOrOnlyTheFirst() {
        for (boolean firstOnly : new boolean[] {false, true}) {
            try (var fixture = new StreamFixture(firstOnly, Optional.empty())) {
                fixture.begin();
                fixture.watchClusters();
                fixture.answer(CLUSTERS, "1");

                assertThat(fixture.transport.sent())
                        .extracting(request -> request.getNode().getId())
                        .containsExactly("me", firstOnly ? "" : "me");

                fixture.transport.close(Closed.unavailable("gone"));
                fixture.pass(Duration.ofSeconds(1));
                assertThat(fixture.transport.sent())
                        .extracting(request -> request.getNode().getId())
                        .containsExactly("me");
            }
        }
    }

    @Test
    void aWatchThatEndsTwiceEndsOnce() {
        try (var fixture = new StreamFixture()) {
            fixture.begin();
            var one = fixture.watchEndpoints("ea");
            fixture.watchEndpoints("ea");
            fixture.transport.said();

            fixture.end(one);
            fixture.end(one);

            assertThat(fixture.transport.said()).isEmpty();
        }
    }

    @Test
    void whoIsSilentNeedsNoToken() {
        try (var fixture = new StreamFixture(false, Optional.of(new RateLimit(1, 0.5)))) {
            fixture.begin();
            fixture.watchClusters();
            fixture.watchClusters();

            assertThat(fixture.counted()).doesNotContain("rate limited");
        }
    }

    @Test
    void requestsWaitForTheirTokens() {
        try (var fixture = new StreamFixture(false, Optional.of(new RateLimit(2, 0.5)))) {
            fixture.begin();
            fixture.watchClusters();
            fixture.answer(CLUSTERS, "1");
            fixture.answer(CLUSTERS, "2");
            assertThat(fixture.transport.said()).containsExactly("Cluster /", "Cluster 1/n1");
            assertThat(fixture.counted()).contains("rate limited", "pending 1");

            fixture.answer(CLUSTERS, "3");
            fixture.pass(Duration.ofMillis(1999));
            assertThat(fixture.transport.said()).isEmpty();
            fixture.pass(Duration.ofMillis(1));

            assertThat(fixture.transport.said()).containsExactly("Cluster 3/n3");
        }
    }
}
