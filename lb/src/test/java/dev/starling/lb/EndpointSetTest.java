package dev.starling.lb;

import static dev.starling.lb.ExampleEndpoint.endpoint;
import static dev.starling.lb.ExampleEndpoint.group;
import static dev.starling.lb.HealthFlag.DEGRADED_ACTIVE_HC;
import static dev.starling.lb.HealthFlag.FAILED_ACTIVE_HC;
import static dev.starling.lb.HealthFlag.FAILED_EDS_HEALTH;
import static dev.starling.lb.HealthFlag.FAILED_OUTLIER_CHECK;
import static dev.starling.lb.HealthFlag.PENDING_ACTIVE_HC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.Locality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointSetTest {

    private static final Locality EAST = new Locality("", "east", "");

    @Test
    void endpointsAreSortedByHealthInTheirOrder() {
        Endpoint a = endpoint("a").build();
        Endpoint b = endpoint("b").with(FAILED_ACTIVE_HC, PENDING_ACTIVE_HC).build();
        Endpoint c = endpoint("c").with(DEGRADED_ACTIVE_HC).weight(5).build();
        Endpoint d = endpoint("d").weight(2).build();

        HealthLists lists =
                EndpointSet.of(List.of(a, b, c, d)).priorities().getFirst().lists();

        assertThat(lists.all()).containsExactly(a, b, c, d);
        assertThat(lists.healthy()).containsExactly(a, d);
        assertThat(lists.degraded()).containsExactly(c);
        assertThat(lists.excluded()).containsExactly(b);
        assertThat(lists.counted()).isEqualTo(3);
        assertThat(lists.countedWeight()).isEqualTo(8);
        assertThat(lists.healthy().weight()).isEqualTo(3);
        assertThat(lists.healthy().equalWeights()).isFalse();
    }

    @Test
    void aChangeOfHealthShowsInTheNextSetOnly() {
        Endpoint a = endpoint("a").build();
        Endpoint b = endpoint("b").build();
        EndpointSet before = EndpointSet.of(List.of(a, b));

        b.state().set(FAILED_OUTLIER_CHECK);
        EndpointSet after = before.withHealthRefreshed();

        assertThat(before.healthyCount()).isEqualTo(2);
        assertThat(after.healthyCount()).isEqualTo(1);
        assertThat(after.priorities().getFirst().lists().healthy()).containsExactly(a);
        assertThat(after.endpoints()).containsExactly(a, b);
    }

    @Test
    void eachLocalityOfAPriorityHasItsListsAndWeight() {
        Endpoint a = endpoint("a").in("east").build();
        Endpoint b = endpoint("b").in("west").build();
        Endpoint c = endpoint("c").in("east").with(FAILED_EDS_HEALTH).build();
        LocalityWeights weights = new LocalityWeights(Map.of(new LocalityWeights.Key(0, EAST), 7));

        List<LocalityGroup> groups = EndpointSet.of(List.of(a, b, c), weights, 140, false)
                .withHealthRefreshed()
                .priorities()
                .getFirst()
                .localities();

        assertThat(groups).extracting(group -> group.locality().zone()).containsExactly("east", "west");
        assertThat(groups).extracting(LocalityGroup::weight).containsExactly(7, 0);
        assertThat(groups.get(0).lists().all()).containsExactly(a, c);
        assertThat(groups.get(0).lists().healthy()).containsExactly(a);
        assertThat(groups.get(1).lists().healthy()).containsExactly(b);
    }

    @Test
    void aPriorityThatIsSkippedIsThereAndEmpty() {
        List<Endpoint> endpoints = new ArrayList<>(group(2, 1, 1, 1));

        EndpointSet set = EndpointSet.of(endpoints);

        assertThat(set.priorities())
                .extracting(priority -> priority.lists().all().size())
                .containsExactly(0, 0, 3);
        assertThat(set.degradedCount()).isEqualTo(1);
        assertThat(set.excludedCount()).isZero();
    }

    @Test
    void nothingHasOneEmptyPriority() {
        assertThat(EndpointSet.EMPTY.isEmpty()).isTrue();
        assertThat(EndpointSet.EMPTY.priorities()).hasSize(1);
        assertThat(EndpointSet.EMPTY.byAddress("a")).isEmpty();
    }

    @Test
    void anEndpointIsFoundByItsAddressAtAnyPriority() {
        Endpoint spare = endpoint("spare").at(1).build();

        assertThat(EndpointSet.of(List.of(endpoint("a").build(), spare)).byAddress("spare"))
                .contains(spare);
    }

    @Test
    void theListsOfAHealthyPriorityAreOneList() {
        HealthLists lists =
                EndpointSet.of(group(0, 4, 0, 0)).priorities().getFirst().lists();

        assertThat(lists.healthy()).isSameAs(lists.all());
    }
}
