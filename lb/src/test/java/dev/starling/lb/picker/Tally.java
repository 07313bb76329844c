package dev.starling.lb.picker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.lb.Endpoint;
import dev.starling.lb.Pick;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** How often each endpoint was picked. */
record Tally(int picks, Map<String, Integer> times) {

    static Tally of(int picks, Supplier<Pick> picker) {
        Map<String, Integer> times = new HashMap<>();
        for (int i = 0; i < picks; i++) {
            times.merge(picker.get().toString(), 1, Integer::sum);
        }
        return new Tally(picks, times);
    }

    int times(Endpoint endpoint) {
        return times.getOrDefault(endpoint.addressText(), 0);
    }

    /** Six standard deviations of independent draws, so that it fails by accident once in many millions of runs. */
    void hasShare(Endpoint endpoint, double share) {
        double tolerance = 6 * Math.sqrt(picks * share * (1 - share));
        assertThat((double) times(endpoint))
                .as(endpoint + " in " + times)
                .isBetween(picks * share - tolerance, picks * share + tolerance);
    }

    /** For schedules, which are even but for the order of equal deadlines at the first and at the last pick. */
    void hasExactShare(Endpoint endpoint, double share) {
        assertThat((double) times(endpoint))
                .as(endpoint + " in " + times)
                .isBetween(picks * share - 2, picks * share + 2);
    }
}
