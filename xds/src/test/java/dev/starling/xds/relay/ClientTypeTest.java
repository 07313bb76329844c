package dev.starling.xds.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.starling.xds.relay.ClientType.Manner;
import dev.starling.xds.relay.ClientType.Offer;
import dev.starling.xds.resource.ResourceType.Scope;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClientTypeTest {

    private final Shelf shelf = new Shelf(Scope.WHOLE);

    private static ClientType wanting(Manner manner, String... names) {
        var type = new ClientType(manner);
        if (manner == Manner.DELTA) {
            type.subscribe(names.length == 0 ? List.of("*") : List.of(names));
        } else {
            type.want(names.length == 0, List.of(names));
        }
        return type;
    }

    /** In words; empty if nothing is said. */
    private String next(ClientType type, String nonce) {
        return type.next(shelf.served(), nonce).map(ClientTypeTest::words).orElse("");
    }

    private static String words(Offer offer) {
        List<String> words = new ArrayList<>();
        offer.resources().forEach(each -> words.add(each.name() + "=" + content(each)));
        offer.removed().forEach(name -> words.add("-" + name));
        return words.isEmpty() ? "nothing" : String.join(" ", words);
    }

    private static String content(ServedResource resource) {
        try {
            return resource.message().unpack(Cluster.class).getAltStatName();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private String said(ClientType type, String nonce) {
        String words = next(type, nonce);
        assertThat(type.accept(nonce)).isTrue();
        return words;
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void nobodyIsAnsweredBeforeItIsKnownWhatThereIs(Manner manner) {
        ClientType type = wanting(manner, "a");
        assertThat(type.next(ServedType.UNKNOWN, "1")).isEmpty();
        shelf.put("a=1");
        assertThat(next(type, "1")).isEqualTo("a=1");
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void whatDoesNotChangeIsSaidOnce(Manner manner) {
        ClientType type = wanting(manner);
        shelf.put("a=1", "b=1");
        assertThat(said(type, "1")).isEqualTo("a=1 b=1");
        shelf.put("a=1");
        assertThat(next(type, "2")).isEmpty();
    }

    @Test
    void whoHasMissedManyChangesIsToldWhatIsTrueInTheEnd() {
        ClientType type = wanting(Manner.DELTA);
        shelf.put("a=1", "b=1", "c=1");
        assertThat(next(type, "1")).isEqualTo("a=1 b=1 c=1");
        for (int content = 2; content < 200; content++) {
            shelf.put("a=" + content);
            assertThat(next(type, "not yet")).isEmpty();
        }
        shelf.put("-b");

        type.accept("1");

        assertThat(said(type, "2")).isEqualTo("a=199 -b");
        shelf.put("c=2");
        assertThat(said(type, "3")).isEqualTo("c=2");
    }

    @Test
    void whatIsSubscribedAgainIsToldThoughNothingHasChanged() {
        ClientType type = wanting(Manner.DELTA);
        shelf.put("a=1", "b=1");
        said(type, "1");
        type.subscribe(List.of("b"));
        assertThat(said(type, "2")).isEqualTo("b=1");
        assertThat(next(type, "3")).isEmpty();
    }

    @Test
    void aWholeStateIsSaidAgainWhenAnythingHasChanged() {
        ClientType type = wanting(Manner.WHOLE_STATE);
        shelf.put("a=1", "b=1");
        said(type, "1");
        shelf.put("b=2");
        assertThat(said(type, "2")).isEqualTo("a=1 b=2");
        shelf.put("-a");
        assertThat(said(type, "3")).isEqualTo("b=2");
        shelf.put("-b");
        assertThat(said(type, "4")).isEqualTo("nothing");
        assertThat(next(type, "5")).isEmpty();
    }

    @Test
    void thatThereIsNothingIsSaidWhereItCanBe() {
        shelf.put();
        assertThat(next(wanting(Manner.WHOLE_STATE), "1")).isEqualTo("nothing");
        assertThat(next(wanting(Manner.DELTA), "1")).isEqualTo("nothing");
        assertThat(next(wanting(Manner.DELTA, "a"), "1")).isEqualTo("-a");
        assertThat(next(wanting(Manner.CHANGED_ONLY, "a"), "1")).isEmpty();
    }

    @Test
    void namedResourcesAreSaidAsTheyChangeAndNoOthers() {
        ClientType type = wanting(Manner.CHANGED_ONLY, "a", "b");
        shelf.put("a=1", "b=1", "c=1");
        assertThat(said(type, "1")).isEqualTo("a=1 b=1");
        shelf.put("b=2", "c=2");
        assertThat(said(type, "2")).isEqualTo("b=2");
        type.want(false, List.of("b", "c"));
        assertThat(said(type, "3")).isEqualTo("c=2");
        type.want(false, List.of("a", "b", "c"));
        assertThat(said(type, "4")).isEqualTo("a=1");
    }

    @Test
    void deltaSaysWhatIsGoneOnce() {
        ClientType type = wanting(Manner.DELTA, "a", "b");
        shelf.put("a=1");
        assertThat(said(type, "1")).isEqualTo("a=1 -b");
        shelf.put("b=1", "-a");
        assertThat(said(type, "2")).isEqualTo("b=1 -a");
        assertThat(next(type, "3")).isEmpty();
        shelf.put("a=3");
        assertThat(said(type, "3")).isEqualTo("a=3");
    }

    @Test
    void deltaSaysAgainWhatIsSubscribedToAgain() {
        ClientType type = wanting(Manner.DELTA, "a");
        shelf.put("a=1");
        said(type, "1");
        type.subscribe(List.of("a"));
        assertThat(said(type, "2")).isEqualTo("a=1");
        type.unsubscribe(List.of("a"));
        shelf.put("a=2");
        assertThat(next(type, "3")).isEmpty();
    }

    @Test
    void deltaSparesWhatTheClientHasAlready() {
        shelf.put("a=1", "b=1");
        ClientType type = wanting(Manner.DELTA);
        type.has(Map.of("a", version("a"), "b", "other", "gone", "x"));
        assertThat(next(type, "1")).isEqualTo("b=1 -gone");
    }

    private String version(String name) {
        return Optional.ofNullable(shelf.served().byName().get(name))
                .orElseThrow()
                .version();
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void oneOfferIsInFlightAndWhatIsBetweenIsSkipped(Manner manner) {
        ClientType type = wanting(manner);
        shelf.put("a=1");
        assertThat(next(type, "1")).isEqualTo("a=1");
        shelf.put("a=2");
        assertThat(next(type, "2")).isEmpty();
        shelf.put("a=3");
        assertThat(type.accept("0")).isFalse();
        assertThat(next(type, "2")).isEmpty();
        assertThat(type.accept("1")).isTrue();
        assertThat(next(type, "2")).isEqualTo("a=3");
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void whatWasRefusedIsNotOfferedUntilItChanges(Manner manner) {
        ClientType type = wanting(manner);
        shelf.put("a=1");
        said(type, "1");
        shelf.put("a=bad");
        assertThat(next(type, "2")).isEqualTo("a=bad");
        assertThat(type.refuse("2", "no", Instant.EPOCH)).isTrue();
        assertThat(next(type, "3")).isEmpty();
        var standing = type.standing("a").orElseThrow();
        assertThat(standing.refused().orElseThrow().reason()).isEqualTo("no");
        assertThat(standing.taken()).isPresent();

        shelf.put("a=3");
        assertThat(said(type, "3")).isEqualTo("a=3");
        assertThat(type.standing("a").orElseThrow().refused()).isEmpty();
    }

    @Test
    void aWholeStateHasTheLastGoodOfWhatWasRefused() {
        ClientType type = wanting(Manner.WHOLE_STATE);
        shelf.put("a=1", "b=1");
        said(type, "1");
        shelf.put("a=bad", "b=2");
        next(type, "2");
        type.refuse("2", "Error adding/updating cluster(s) a: no", Instant.EPOCH);
        shelf.put("c=1");
        assertThat(said(type, "3")).isEqualTo("a=1 b=2 c=1");
        shelf.put("a=4");
        assertThat(said(type, "4")).isEqualTo("a=4 b=2 c=1");
    }

    @Test
    void whoNamesNothingHasRefusedAllThatWasNew() {
        ClientType type = wanting(Manner.DELTA);
        shelf.put("a=1");
        said(type, "1");
        shelf.put("b=1", "c=1");
        next(type, "2");
        type.refuse("2", "no", Instant.EPOCH);
        assertThat(type.standing("a").orElseThrow().refused()).isEmpty();
        assertThat(type.standing("b").orElseThrow().refused()).isPresent();
        assertThat(type.standing("c").orElseThrow().refused()).isPresent();
    }
}
