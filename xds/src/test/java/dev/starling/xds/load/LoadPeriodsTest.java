package dev.starling.xds.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.Locality;
import dev.starling.xds.load.LoadSource.ClusterLoad;
import dev.starling.xds.load.LoadSource.EndpointLoad;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadPeriodsTest {

    private static final Locality HERE = new Locality("r", "here", "");
    private static final Locality THERE = new Locality("r", "there", "");
    private static final Object FIRST = new Object();
    private static final Object SECOND = new Object();

    private final Map<String, ClusterLoad> loads = new LinkedHashMap<>();
    private final LoadPeriods periods = new LoadPeriods(new LoadSource() {
        @Override
        public Set<String> clusters() {
            return loads.keySet();
        }

        @Override
        public Optional<ClusterLoad> load(String cluster) {
            return Optional.ofNullable(loads.get(cluster));
        }
    });

    private void count(String cluster, EndpointLoad... endpoints) {
        loads.put(cluster, new ClusterLoad("", List.of(endpoints)));
    }

    private static EndpointLoad endpoint(Object identity, Locality locality, long succeeded, long failed, long active) {
        return new EndpointLoad(identity, locality, 0, succeeded + failed + active, succeeded, failed, active);
    }

    private String report(long seconds) {
        StringBuilder words = new StringBuilder();
        for (ClusterStats each : periods.report(TimeUnit.SECONDS.toNanos(seconds))) {
            words.append(each.getClusterName())
                    .append(' ')
                    .append(each.getLoadReportInterval().getSeconds())
                    .append("s:");
            each.getUpstreamLocalityStatsList()
                    .forEach(place -> words.append(' ')
                            .append(place.getLocality().getZone())
                            .append('=')
                            .append(place.getTotalIssuedRequests())
                            .append('/')
                            .append(place.getTotalSuccessfulRequests())
                            .append('/')
                            .append(place.getTotalErrorRequests())
                            .append('/')
                            .append(place.getTotalRequestsInProgress()));
            words.append('\n');
        }
        return words.toString();
    }

    @Test
    void tellsWhatCameSinceItWasAskedAndThenSinceTheLastReport() {
        count("a", endpoint(FIRST, HERE, 5, 1, 0), endpoint(SECOND, HERE, 7, 0, 0));
        periods.follow(List.of("a"), 0);
        count("a", endpoint(FIRST, HERE, 8, 1, 2), endpoint(SECOND, HERE, 7, 1, 0));
        assertThat(report(3)).isEqualTo("a 3s: here=6/3/1/2\n");

        periods.follow(List.of("a"), TimeUnit.SECONDS.toNanos(3));
        count("a", endpoint(FIRST, HERE, 10, 1, 0), endpoint(SECOND, HERE, 7, 1, 0));
        assertThat(report(5)).isEqualTo("a 2s: here=0/2/0/0\n");
        assertThat(report(6)).isEqualTo("a 1s:\n");
    }

    @Test
    void sumsByLocality() {
        count("a");
        periods.follow(List.of("a"), 0);
        count("a", endpoint(FIRST, HERE, 1, 0, 0), endpoint(SECOND, THERE, 0, 2, 0));
        assertThat(report(1)).isEqualTo("a 1s: here=1/1/0/0 there=2/0/2/0\n");
    }

    @Test
    void anEndpointThatComesIsCountedFromItsBeginning() {
        count("a", endpoint(FIRST, HERE, 9, 0, 0));
        periods.follow(List.of("a"), 0);
        count("a", endpoint(SECOND, HERE, 4, 0, 0));
        assertThat(report(1)).isEqualTo("a 1s: here=4/4/0/0\n");
    }

    @Test
    void clustersThatAreNoMoreOrNotYetAreLeftOut() {
        count("a");
        periods.follow(List.of("a", "b"), 0);
        count("b");
        assertThat(report(1)).isEqualTo("a 1s:\n");
        loads.remove("a");
        assertThat(report(2)).isEmpty();
        periods.follow(List.of("b"), 0);
        assertThat(report(3)).isEqualTo("b 3s:\n");
    }
}
