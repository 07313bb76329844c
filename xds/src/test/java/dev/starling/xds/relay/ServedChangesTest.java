package dev.starling.xds.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.xds.resource.ResourceType.Scope;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ServedChangesTest {

    private static final long LONG_AGO = -1;

    private final Shelf shelf = new Shelf(Scope.WHOLE);

    @Test
    void namesWhatCameWentAndChanged() {
        long before = shelf.put("a=1", "b=1", "c=1").served().moment();
        shelf.put("a=2", "-b").served();

        ServedType now = shelf.put("d=1").served();

        assertThat(now.changedSince(before))
                .hasValueSatisfying(names -> assertThat(names).containsExactly("a", "b", "d"));
        assertThat(now.changedSince(now.moment()))
                .hasValueSatisfying(names -> assertThat(names).isEmpty());
    }

    @Test
    void whatAGroupIsServedKnowsOfItsChanges() {
        long before = shelf.put("a=1", "b=1").served().only("a"::equals).moment();

        ServedType now = shelf.put("a=2").served().only("a"::equals);

        assertThat(now.byName()).containsOnlyKeys("a");
        assertThat(now.changedSince(before))
                .hasValueSatisfying(names -> assertThat(names).containsExactly("a"));
    }

    @Test
    void oneWhoWasNeverToldHasToLookAtEverything() {
        assertThat(shelf.put("a=1").served().changedSince(LONG_AGO)).isEmpty();
    }

    @Test
    void aMomentLongAgoIsForgotten() {
        long before = shelf.put("a=1").served().moment();
        IntStream.range(2, 200).forEach(content -> shelf.put("a=" + content).served());

        assertThat(shelf.served().changedSince(before)).isEmpty();
    }

    @Test
    void manyNamesAreForgottenSooner() {
        long before = shelf.put("a=1").served().moment();
        for (int content = 0; content < 3; content++) {
            int next = content;
            shelf.put(IntStream.range(0, 2_000)
                            .mapToObj(name -> name + "=" + next)
                            .toArray(String[]::new))
                    .served();
        }

        ServedType now = shelf.served();
        assertThat(now.changedSince(before)).isEmpty();
        assertThat(now.changedSince(now.moment() - 1))
                .hasValueSatisfying(names -> assertThat(names).hasSize(2_000));
    }
}
