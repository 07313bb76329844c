package dev.starling.xds.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.starling.xds.protocol.Conversation.Notation;
import dev.starling.xds.resource.ResourceType.Scope;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The state of the world. A request is written {@code version/nonce names... 'error'}, a response
 * {@code version/nonce resources...}.
 */
class SotwTypeTest {

    private static final Notation<DiscoveryRequest, DiscoveryResponse> NOTATION = new Notation<>() {
        @Override
        public String write(DiscoveryRequest request) {
            assertThat(request.getTypeUrl()).isEqualTo("type.googleapis.com/envoy.config.cluster.v3.Cluster");
            String names = request.getResourceNamesList().isEmpty()
                    ? ""
                    : " " + String.join(" ", request.getResourceNamesList());
            String error =
                    request.hasErrorDetail() ? " '" + request.getErrorDetail().getMessage() + "'" : "";
            return request.getVersionInfo() + "/" + request.getResponseNonce() + names + error;
        }

        @Override
        public DiscoveryResponse read(List<String> words) {
            String[] head = words.getFirst().split("/", -1);
            var response =
                    DiscoveryResponse.newBuilder().setVersionInfo(head[0]).setNonce(head[1]);
            words.subList(1, words.size())
                    .forEach(word -> response.addResources(
                            Samples.isPlain(word) ? Samples.plain(word) : Any.pack(Samples.wrapped(word))));
            return response.build();
        }
    };

    private static void whole(String script) {
        new Conversation<>(new SotwType<>(Samples.clusters(Scope.WHOLE)), NOTATION).plays(script);
    }

    private static void named(String script) {
        new Conversation<>(new SotwType<>(Samples.clusters(Scope.NAMED)), NOTATION).plays(script);
    }

    @Test
    void asksForEverythingWithoutNamesAndAcknowledges() {
        whole("""
                want *
                > /
                < 1/x a=1 b=1
                ! +a=1 +b=1
                > 1/x
                < 2/y a=1 b=2
                ! +b=2
                > 2/y
                held a=1 b=2
                """);
    }

    @Test
    void saysNothingWithoutInterest() {
        named("""
                > nothing
                reopen
                > nothing
                """);
    }

    @Test
    void aNackHasTheOldVersionTheNewNonceAndTheReasonByName() {
        whole("""
                want *
                > /
                < 1/x a=1
                > 1/x
                < 2/y a=bad b=1
                ! +b=1 ?a
                > 1/y 'Error: a: alt_stat_name: must be good'
                held a=1 b=1
                < 3/z a=2 b=1
                ! +a=2
                > 3/z
                """);
    }

    @Test
    void aNackTellsItsReasonOnce() {
        named("""
                want a
                > / a
                < 1/x a=bad
                ! ?a
                > /x a 'Error: a: alt_stat_name: must be good'
                want a b
                > /x a b
                """);
    }

    @Test
    void absenceRemovesWhereTheWholeStateIsSent() {
        whole("""
                want *
                > /
                < 1/x a=1 b=1
                > 1/x
                < 2/y b=1
                ! -a
                > 2/y
                < 3/z
                ! -b
                > 3/z
                held
                """);
    }

    @Test
    void absenceRemovesNothingThatIsAskedForByName() {
        named("""
                want a b
                > / a b
                < 1/x a=1 b=1
                > 1/x a b
                < 2/y a=2
                ! +a=2
                > 2/y a b
                < 3/z
                ! nothing
                > 3/z a b
                held a=2 b=1
                """);
    }

    @Test
    void whatCannotBeNamedRemovesNothing() {
        whole("""
                want *
                > /
                < 1/x a=1 b=1
                > 1/x
                < 2/y a=junk b=2
                ! +b=2 ?resources[0]
                > 1/y 'Error: resources[0]: Protocol message contained an invalid tag (zero).'
                held a=1 b=2
                """);
    }

    @Test
    void aBugInAReaderCostsOneResource() {
        whole("""
                want *
                > /
                < 1/x a=bug b=1
                ! +b=1 ?a
                > /x 'Error: a: cannot be read: java.lang.IllegalStateException: a bug'
                """);
    }

    @Test
    void aResourceOfAnotherTypeIsRefusedAndTheOthersTaken() {
        whole("""
                want *
                > /
                < 1/x a=alien b=1
                ! +b=1 ?resources[0]
                > /x 'Error: resources[0]: type URL 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration' does not \
                match the message-wide type URL 'type.googleapis.com/envoy.config.cluster.v3.Cluster''
                """);
    }

    @Test
    void theFirstOfTwoOfOneNameIsTakenAndTheSecondRefused() {
        whole("""
                want *
                > /
                < 1/x a=1 a=2
                ! +a=1 ?a
                > /x 'Error: a: duplicate resource a found'
                """);
    }

    @Test
    void aChangeOfNamesSaysAllOfThemWithTheCurrentVersionAndNonce() {
        named("""
                want a
                > / a
                < 1/x a=1
                > 1/x a
                want a b
                > 1/x a b
                < 2/y a=1 b=1
                ! +b=1
                > 2/y a b
                want b
                > 2/y b
                held b=1
                """);
    }

    @Test
    void acknowledgementAndNewNamesAreOneRequest() {
        named("""
                want a
                > / a
                < 1/x a=1
                want a b
                > 1/x a b
                > nothing
                """);
    }

    @Test
    void anEmptyListAfterNamesMeansNothingAndIsSaidOnce() {
        named("""
                want a
                > / a
                < 1/x a=1
                > 1/x a
                want
                > 1/x
                held
                reopen
                > nothing
                want b
                > 1/ b
                """);
    }

    @Test
    void aNewStreamKeepsTheVersionAndForgetsTheNonce() {
        whole("""
                want *
                > /
                < 1/x a=1
                reopen
                > 1/
                < 1/y a=1
                ! nothing
                > 1/y
                """);
    }

    @Test
    void aNackThatWasNotSentIsForgottenWithTheStream() {
        named("""
                want a
                > / a
                < 1/x a=bad
                reopen
                > / a
                """);
    }

    @Test
    void everythingAndNamesBesideItAreAskedForWithAStar() {
        whole("""
                want *
                > /
                want * a
                > / * a
                want *
                > / *
                reopen
                > /
                """);
    }

    @Test
    void whatWasNotAskedForIsSkippedBeforeItIsJudged() {
        named("""
                want a
                > / a
                < 1/x a=1 b=bad
                ! +a=1
                > 1/x a
                held a=1
                """);
    }

    @Test
    void aResponseToNobodyIsTakenIfEmptyAndAskedForAgainOtherwise() {
        named("""
                want a
                > / a
                want
                > /
                < 1/x
                > nothing
                < 2/y a=1
                ! nothing
                > 1/y
                """);
    }

    @Test
    void whatIsLentGoesWhenItsTimeIsOverUnlessItIsLentOn() {
        whole("""
                want *
                > /
                < 1/x a=1~10 b=1
                ! +a=1 +b=1
                > 1/x
                later 9s
                ! nothing
                < 1/y a~10
                ! nothing
                > 1/y
                later 9s
                ! nothing
                later 1s
                ! -a
                held b=1
                """);
    }

    @Test
    void aCopyWithoutATimeToLiveIsNotLentAnyLonger() {
        named("""
                want a
                > / a
                < 1/x a=1~10
                > 1/x a
                < 2/y a=1
                > 2/y a
                later 60s
                ! nothing
                held a=1
                """);
    }

    @Test
    void aSignOfLifeForAnotherVersionIsRefused() {
        whole("""
                want *
                > /
                < 1/x a=1~10
                > 1/x
                < 2/y a~10
                ! ?a
                > 1/y 'Error: a: has no resource, and its version is not the one that is held'
                held a=1
                """);
    }

    @Test
    void signsOfLifeAloneRemoveNothing() {
        whole("""
                want *
                > /
                < 1/x a=1~10 b=1
                > 1/x
                < 1/y a~10
                ! nothing
                > 1/y
                held a=1 b=1
                """);
    }

    @Test
    void namesThatAreUrisAreTheSameWhateverTheOrderOfTheirContext() {
        named("""
                want xdstp://x/envoy.config.cluster.v3.Cluster/a?y=1&b=2
                > / xdstp://x/envoy.config.cluster.v3.Cluster/a?b=2&y=1
                < 1/x xdstp://x/envoy.config.cluster.v3.Cluster/a?y=1&b=2#d=1@=1
                ! +xdstp://x/envoy.config.cluster.v3.Cluster/a?b=2&y=1=1
                > 1/x xdstp://x/envoy.config.cluster.v3.Cluster/a?b=2&y=1
                """);
    }

    @Test
    void aNameInsideThatDiffersFromTheOneOutsideIsRefused() {
        var type = new SotwType<>(Samples.clusters(Scope.NAMED));
        type.want(Interest.in(List.of("a")));
        var wrapper = Samples.wrapped("a@1=1").toBuilder().setResource(Samples.message("b", "1"));

        var change = type.receive(
                DiscoveryResponse.newBuilder()
                        .addResources(Any.pack(wrapper.build()))
                        .build(),
                (_, _) -> Optional.empty(),
                Instant.EPOCH);

        assertThat(change.refused()).containsExactly(new Refusal("a", "is called 'b' inside"));
    }

    @Test
    void aLongReasonIsCut() {
        var type = new SotwType<>(Samples.clusters(Scope.WHOLE));
        type.want(Interest.ALL);
        type.next();
        var response = DiscoveryResponse.newBuilder();
        for (int i = 0; i < 200; i++) {
            response.addResources(Samples.message("cluster-" + i, "bad"));
        }

        type.receive(response.build(), (_, _) -> Optional.empty(), Instant.EPOCH);

        var error = type.next().orElseThrow().getErrorDetail();
        assertThat(error.getCode()).isEqualTo(13);
        assertThat(error.getMessage())
                .startsWith("Error: cluster-0: alt_stat_name: must be good\ncluster-1: ")
                .hasSize(4096 + "...(truncated)".length())
                .endsWith("...(truncated)");
    }
}
