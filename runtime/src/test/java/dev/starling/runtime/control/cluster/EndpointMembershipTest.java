package dev.starling.runtime.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointReconciler;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.HealthFlag;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.stats.StatsStore;
import org.junit.jupiter.api.Test;

class EndpointMembershipTest {

    private final ClusterStats stats = Examples.traffic(new StatsStore(1), "c").stats();
    private final EndpointMembership members =
            new EndpointMembership(new EndpointReconciler.Settings(true, false, false), stats);

    private void find(int... endpoints) {
        members.join(Examples.discovered(Examples.assignment(endpoints)));
    }

    @Test
    void countsOnlyWhatChangesMembership() {
        find(1, 2);
        EndpointSet before = members.endpoints();
        find(1, 2);

        assertThat(members.endpoints()).isSameAs(before);
        assertThat(stats.membershipChange.value()).isEqualTo(1);
    }

    @Test
    void countsTheHealthyWhenItIsAsked() {
        find(1, 2);
        members.endpoints().endpoints().getFirst().state().clear(HealthFlag.FAILED_ACTIVE_HC);
        assertThat(stats.membershipTotal.value()).isZero();

        assertThat(members.refreshed().healthyCount()).isEqualTo(1);
        assertThat(stats.membershipTotal.value()).isEqualTo(2);
        assertThat(stats.membershipHealthy.value()).isEqualTo(1);
    }

    @Test
    void dropsWhatDiscoveryNoLongerFindsWhenItsChecksFail() {
        find(1, 2);
        Endpoint second = members.endpoints().endpoints().getLast();
        second.state().clear(HealthFlag.FAILED_ACTIVE_HC);
        find(1);
        assertThat(members.endpoints().endpoints()).hasSize(2);
        assertThat(members.dropFailed().membershipChanged()).isFalse();

        second.state().set(HealthFlag.FAILED_ACTIVE_HC);

        assertThat(members.dropFailed().removed()).containsExactly(second);
        assertThat(members.endpoints().endpoints()).hasSize(1);
    }
}
