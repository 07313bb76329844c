package dev.starling.xds.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.xds.protocol.Conversation.Notation;
import dev.starling.xds.resource.ResourceType.Scope;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Delta. A request is written {@code nonce +subscribed -unsubscribed known=version 'error'}, a response
 * {@code nonce resources... -removed}.
 */
class DeltaTypeTest {

    private static final Notation<DeltaDiscoveryRequest, DeltaDiscoveryResponse> NOTATION = new Notation<>() {
        @Override
        public String write(DeltaDiscoveryRequest request) {
            assertThat(request.getTypeUrl()).isEqualTo("type.googleapis.com/envoy.config.cluster.v3.Cluster");
            var text = new StringBuilder("/" + request.getResponseNonce());
            request.getResourceNamesSubscribeList()
                    .forEach(name -> text.append(" +").append(name));
            request.getResourceNamesUnsubscribeList()
                    .forEach(name -> text.append(" -").append(name));
            new TreeMap<>(request.getInitialResourceVersionsMap())
                    .forEach((name, version) ->
                            text.append(' ').append(name).append('@').append(version));
            if (request.hasErrorDetail()) {
                text.append(" '")
                        .append(request.getErrorDetail().getMessage().replace("\n", " and "))
                        .append('\'');
            }
            return text.toString();
        }

        @Override
        public DeltaDiscoveryResponse read(List<String> words) {
            var response = DeltaDiscoveryResponse.newBuilder()
                    .setNonce(words.getFirst().substring(1));
            for (String word : words.subList(1, words.size())) {
                if (word.startsWith("-")) {
                    response.addRemovedResources(word.substring(1));
                } else {
                    response.addResources(Samples.wrapped(word));
                }
            }
            return response.build();
        }
    };

    private static void whole(String script) {
        new Conversation<>(new DeltaType<>(Samples.clusters(Scope.WHOLE)), NOTATION).plays(script);
    }

    private static void named(String script) {
        new Conversation<>(new DeltaType<>(Samples.clusters(Scope.NAMED)), NOTATION).plays(script);
    }

    @Test
    void asksForEverythingWithoutNamesAndAnswersEachResponse() {
        whole("""
                want *
                > /
                < /0 a@1=x b@1=x
                ! +a=x +b=x
                < /1 a@2=y -b
                ! +a=y -b
                > /0
                > /1
                held a=y
                """);
    }

    @Test
    void anAliasWithoutAResourceIsAnAnswerToWhoAskedForIt() {
        named("""
                want *
                > /
                < /0 a@1=x
                ! +a=x
                > /0
                want * b
                > / +b
                < /1 b|b other|c
                ! -b
                > /1
                held a=x
                """);
    }

    @Test
    void saysNothingWithoutInterest() {
        named("""
                > nothing
                reopen
                > nothing
                want a
                > / +a
                """);
    }

    @Test
    void aNackNamesWhatIsBadAndTheRestIsTaken() {
        whole("""
                want *
                > /
                < /0 a@1=x
                > /0
                < /1 a@2=bad b@2=x
                ! +b=x ?a
                > /1 'Error: a: alt_stat_name: must be good'
                held a=x b=x
                reopen
                > / a@1 b@2
                """);
    }

    @Test
    void whatHasComeToBeWantedRidesOnTheNextRequest() {
        named("""
                want a
                > / +a
                < /0 a@1=x
                want b
                > /0 +b -a
                < /1 b@1=x
                want b c
                > /1 +c
                < /2 c@1=x
                < /3 c@2=y
                > /2
                > /3
                want c
                > / -b
                held c=y
                """);
    }

    @Test
    void whatWasGivenUpAndIsWantedAgainIsAskedForAnew() {
        named("""
                want a
                > / +a
                < /0 a@1=x
                > /0
                want
                want a
                > / +a
                < /1 a@1=x
                ! +a=x
                > /1
                """);
    }

    @Test
    void whatIsWantedAndGivenUpBeforeItWasSaidIsGivenUp() {
        named("""
                want a
                > / +a
                want a b
                want a
                > / -b
                """);
    }

    @Test
    void aNewStreamTellsWhatIsHeldAndAsksForAllNames() {
        named("""
                want a b
                > / +a +b
                < /0 a@7=x
                reopen
                > / +a +b a@7
                < /1 b@1=x
                ! +b=x
                > /1
                """);
    }

    @Test
    void aNewStreamSaysNothingOfATypeThatNobodyWantsAnyMore() {
        named("""
                want a
                > / +a
                want
                > / -a
                reopen
                > nothing
                """);
    }

    @Test
    void everythingBesideNamesIsAStar() {
        whole("""
                want * a
                > / +* +a
                < /0 a@1=x b@1=x
                > /0
                want *
                > / -a
                held a=x b=x
                reopen
                > / a@1 b@1
                want a
                > / +a -*
                held a=x
                """);
    }

    @Test
    void aRemovedNameThatIsStillWantedIsWaitedFor() {
        named("""
                want a
                > / +a
                < /0 a@1=x
                > /0
                < /1 -a -c
                ! -a
                > /1
                held
                reopen
                > / +a
                < /2 a@2=y
                ! +a=y
                > /2
                """);
    }

    @Test
    void aNameThatDoesNotExistIsToldAsRemoved() {
        named("""
                want a
                > / +a
                < /0 -a
                ! -a
                > /0
                """);
    }

    @Test
    void ofTwoWordsOnOneNameNoneIsTaken() {
        named("""
                want a b c
                > / +a +b +c
                < /0 a@1=x b@1=x c@1=x
                > /0
                < /1 a@2=y a@3=z b@2=y -b -c -c
                ! -c ?a ?b
                > /1 'Error: a: duplicate name a found among added/updated or removed resources and \
                b: duplicate name b found among added/updated or removed resources'
                held a=x b=x
                """);
    }

    @Test
    void whatNobodyWantsIsSkippedBeforeItIsJudged() {
        named("""
                want a
                > / +a
                < /0 b@1=bad a@1=x
                ! +a=x
                > /0
                """);
    }

    @Test
    void aResourceUnderItsOwnNameAnswersToItsAlias() {
        named("""
                want r/example.com
                > / +r/example.com
                < /0 r/any|r/example.com@1=x
                ! +r/any=x
                > /0
                < /1 r/other|r/example.com
                ! nothing
                > /1
                held r/any=x
                want
                > / -r/example.com
                held
                """);
    }

    @Test
    void whatIsLentGoesWhenItsTimeIsOverUnlessItIsLentOn() {
        named("""
                want a
                > / +a
                < /0 a@1=x~10
                > /0
                later 9s
                < /1 a@1~10
                ! nothing
                > /1
                later 9s
                ! nothing
                later 1s
                ! -a
                reopen
                > / +a
                """);
    }

    @Test
    void aSignOfLifeForAnotherVersionIsRefused() {
        named("""
                want a
                > / +a
                < /0 a@1=x~10
                > /0
                < /1 a@2~10
                ! ?a
                > /1 'Error: a: has no resource, and its version is not the one that is held'
                """);
    }

    @Test
    void theSameContentUnderANewVersionIsNoChange() {
        named("""
                want a
                > / +a
                < /0 a@1=x
                > /0
                < /1 a@2=x
                ! nothing
                > /1
                reopen
                > / +a a@2
                """);
    }

    @Test
    void aCollectionTakesItsMembers() {
        named("""
                want xdstp://x/t/group/*?k=1
                > / +xdstp://x/t/group/*?k=1
                < /0 xdstp://x/t/group/a?k=1@1=x xdstp://x/t/other/a?k=1@1=x xdstp://x/t/group/b?k=2@1=x
                ! +xdstp://x/t/group/a?k=1=x
                > /0
                """);
    }

    @Test
    void anAnswerThatWasNotSentIsForgottenWithTheStream() {
        whole("""
                want *
                > /
                < /0 a@1=x
                reopen
                > / a@1
                """);
    }

    @Test
    void aResourceWithoutANameIsRefused() {
        whole("""
                want *
                > /
                < /0 @1=x
                ! ?a resource
                > /0 'Error: a resource: has no name'
                """);
    }
}
