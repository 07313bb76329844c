package dev.starling.lb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.Locality;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.endpoint.LocalityEndpoints;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LocalityWeightsTest {

    private static final Locality EAST = new Locality("", "east", "");
    private static final Locality WEST = new Locality("", "west", "");

    private static LocalityEndpoints group(Locality locality, int weight) {
        return new LocalityEndpoints(locality, 0, weight, List.of(), Optional.empty());
    }

    private static LocalityWeights weights(LocalityEndpoints... groups) {
        return LocalityWeights.of(LoadAssignment.of("c", List.of(groups)));
    }

    @Test
    void theFirstMentionCountsAndWhatHasNoWeightIsNotListed() {
        LocalityWeights weights = weights(group(EAST, 3), group(EAST, 5), group(WEST, 0), group(WEST, 7));

        assertThat(weights.weights()).isEqualTo(Map.of(new LocalityWeights.Key(0, EAST), 3));
        assertThat(weights.weight(0, WEST)).isZero();
        assertThat(weights.weight(1, EAST)).isZero();
    }

    /** So that nothing is rebuilt for it. */
    @Test
    void aLocalityWithoutWeightOrEndpointsChangesNothing() {
        assertThat(weights(group(EAST, 3), group(WEST, 0))).isEqualTo(weights(group(EAST, 3)));
        assertThat(weights(group(WEST, 0))).isEqualTo(LocalityWeights.NONE);
    }
}
