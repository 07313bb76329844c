package dev.starling.lb;

import static dev.starling.lb.ExampleEndpoint.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.endpoint.EndpointConfig.HealthCheckOverride;
import dev.starling.config.endpoint.EndpointConfig.HealthStatus;
import dev.starling.config.endpoint.LoadAssignment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EndpointReconcilerTest {

    private static final LoadAssignment ASSIGNMENT = LoadAssignment.of("c", List.of());

    private final EndpointReconciler plain = reconciler(false, false, false);
    private final EndpointReconciler checked = reconciler(true, false, false);

    @Test
    void anEndpointThatStaysKeepsItsState() {
        Reconciliation first = reconcile(plain, EndpointSet.EMPTY, endpoint("a"), endpoint("b"));
        Endpoint a = only(first, "a");

        Reconciliation next = reconcile(plain, first.endpoints(), endpoint("a").weight(5), endpoint("c"));

        assertThat(only(next, "a").state()).isSameAs(a.state());
        assertThat(only(next, "a").weight()).isEqualTo(5);
        assertThat(next.changed()).containsExactly(only(next, "a"));
        assertThat(next.added()).extracting(Endpoint::addressText).containsExactly("c");
        assertThat(next.removed()).extracting(Endpoint::addressText).containsExactly("b");
        assertThat(next.membershipChanged()).isTrue();
    }

    @Test
    void theSameAssignmentChangesNothing() {
        Reconciliation first = reconcile(plain, EndpointSet.EMPTY, endpoint("a"), endpoint("b"));

        Reconciliation next = reconcile(plain, first.endpoints(), endpoint("b"), endpoint("a"));

        assertThat(next.endpoints()).isSameAs(first.endpoints());
        assertThat(next.membershipChanged()).isFalse();
    }

    @Test
    void anotherOverprovisioningFactorAloneMakesAnotherSet() {
        Reconciliation first = reconcile(plain, EndpointSet.EMPTY, endpoint("a"));
        LoadAssignment generous = new LoadAssignment("c", List.of(), 200, false, List.of());

        Reconciliation next = plain.reconcile(
                first.endpoints(),
                generous,
                FoundEndpoints.of(List.of(endpoint("a").resolved())));

        assertThat(next.endpoints().overprovisioningFactor()).isEqualTo(200);
        assertThat(only(next, "a")).isSameAs(only(first, "a"));
        assertThat(next.membershipChanged()).isFalse();
    }

    @Test
    void ofTwoEndpointsWithOneAddressTheFirstCounts() {
        Reconciliation result = reconcile(
                plain,
                EndpointSet.EMPTY,
                endpoint("a").weight(2),
                endpoint("a").weight(9).at(1));

        assertThat(result.endpoints().endpoints()).hasSize(1);
        assertThat(only(result, "a").weight()).isEqualTo(2);
    }

    @Test
    void anotherLocalityOrHostNameMakesAnotherEndpoint() {
        for (ExampleEndpoint differing :
                List.of(endpoint("a").in("west"), endpoint("a").hostname("other"))) {
            Reconciliation first = reconcile(plain, EndpointSet.EMPTY, endpoint("a"));

            Reconciliation next = reconcile(plain, first.endpoints(), differing);

            assertThat(only(next, "a").state()).isNotSameAs(only(first, "a").state());
            assertThat(next.added()).containsExactly(only(next, "a"));
            assertThat(next.removed()).containsExactly(only(first, "a"));
        }
    }

    @Test
    void anotherPriorityMovesTheEndpointAndIsPublishedAtOnce() {
        Reconciliation first = reconcile(checked, EndpointSet.EMPTY, endpoint("a"), endpoint("b"));

        Reconciliation next = reconcile(
                checked, first.endpoints(), endpoint("a"), endpoint("b").at(1));

        assertThat(only(next, "b").state()).isSameAs(only(first, "b").state());
        assertThat(next.endpoints().priorities().get(1).lists().all()).containsExactly(only(next, "b"));
        assertThat(next.added()).isEmpty();
        assertThat(next.membershipChanged()).isTrue();
    }

    @Test
    void healthFromTheControlPlaneIsSetAndClearedInPlace() {
        Reconciliation first = reconcile(plain, EndpointSet.EMPTY, endpoint("a").health(HealthStatus.UNHEALTHY));
        EndpointState state = only(first, "a").state();
        assertThat(flags(state)).containsExactly(HealthFlag.FAILED_EDS_HEALTH);

        Reconciliation next = first;
        for (Expected expected : List.of(
                new Expected(HealthStatus.DEGRADED, List.of(HealthFlag.DEGRADED_EDS_HEALTH)),
                new Expected(HealthStatus.DRAINING, List.of(HealthFlag.EDS_STATUS_DRAINING)),
                new Expected(HealthStatus.TIMEOUT, List.of(HealthFlag.FAILED_EDS_HEALTH)),
                new Expected(HealthStatus.HEALTHY, List.of()))) {
            next = reconcile(plain, next.endpoints(), endpoint("a").health(expected.status()));

            assertThat(only(next, "a").state()).isSameAs(state);
            assertThat(flags(state)).as(expected.status().name()).isEqualTo(expected.flags());
            assertThat(next.changed()).hasSize(1);
            assertThat(next.membershipChanged()).isFalse();
        }
        assertThat(next.endpoints().healthyCount()).isEqualTo(1);
    }

    private record Expected(HealthStatus status, List<HealthFlag> flags) {}

    @Test
    void aNewEndpointIsUnhealthyUntilItsFirstCheck() {
        Reconciliation result = reconcile(checked, EndpointSet.EMPTY, endpoint("a"));

        assertThat(flags(only(result, "a").state())).containsExactly(HealthFlag.FAILED_ACTIVE_HC);
    }

    @Test
    void aNewEndpointIsLeftOutOfTheCountWhereSoConfigured() {
        Reconciliation result = reconcile(reconciler(true, true, false), EndpointSet.EMPTY, endpoint("a"));

        assertThat(flags(only(result, "a").state()))
                .containsExactly(HealthFlag.FAILED_ACTIVE_HC, HealthFlag.PENDING_ACTIVE_HC);
    }

    @Test
    void anEndpointThatIsNotCheckedIsHealthyAtOnceAndLeavesAtOnce() {
        ExampleEndpoint unchecked = endpoint("a").healthCheck(new HealthCheckOverride(0, "", true));
        Reconciliation first = reconcile(checked, EndpointSet.EMPTY, unchecked);
        assertThat(flags(only(first, "a").state())).isEmpty();

        Reconciliation next = reconcile(checked, first.endpoints());

        assertThat(next.removed()).containsExactly(only(first, "a"));
    }

    @Test
    void anEndpointReplacedUnderTheSameCheckInheritsWhatTheCheckSaid() {
        Reconciliation first = reconcile(checked, EndpointSet.EMPTY, endpoint("a"));
        EndpointState old = only(first, "a").state();
        old.clear(HealthFlag.FAILED_ACTIVE_HC);
        old.set(HealthFlag.DEGRADED_ACTIVE_HC);
        old.set(HealthFlag.FAILED_OUTLIER_CHECK);

        Reconciliation next =
                reconcile(checked, first.endpoints(), endpoint("a").in("west"));

        assertThat(flags(only(next, "a").state())).containsExactly(HealthFlag.DEGRADED_ACTIVE_HC);
    }

    @Test
    void anEndpointCheckedElsewhereStartsAnew() {
        Reconciliation first = passing(reconcile(checked, EndpointSet.EMPTY, endpoint("a")));

        Reconciliation next = reconcile(
                checked, first.endpoints(), endpoint("a").healthCheck(new HealthCheckOverride(8080, "", false)));

        assertThat(next.removed()).containsExactly(only(first, "a"));
        assertThat(flags(only(next, "a").state())).containsExactly(HealthFlag.FAILED_ACTIVE_HC);
    }

    @Test
    void anEndpointThatIsCheckedFromNowOnStartsAnew() {
        Reconciliation first =
                reconcile(checked, EndpointSet.EMPTY, endpoint("a").healthCheck(new HealthCheckOverride(0, "", true)));

        Reconciliation next = reconcile(checked, first.endpoints(), endpoint("a"));

        assertThat(flags(only(next, "a").state())).containsExactly(HealthFlag.FAILED_ACTIVE_HC);
    }

    @Test
    void withoutHealthChecksTheirPortDoesNotMatter() {
        Reconciliation first = reconcile(plain, EndpointSet.EMPTY, endpoint("a"));

        Reconciliation next = reconcile(
                plain, first.endpoints(), endpoint("a").healthCheck(new HealthCheckOverride(8080, "", false)));

        assertThat(only(next, "a").state()).isSameAs(only(first, "a").state());
    }

    @Test
    void anEndpointThatPassesItsChecksOutlivesDiscovery() {
        Reconciliation first = passing(reconcile(checked, EndpointSet.EMPTY, endpoint("a"), endpoint("b")));
        Endpoint a = only(first, "a");
        a.state().set(HealthFlag.FAILED_OUTLIER_CHECK);

        Reconciliation next = reconcile(checked, first.endpoints(), endpoint("b"));

        assertThat(next.membershipChanged()).isFalse();
        assertThat(next.endpoints().byAddress("a")).contains(a);
        assertThat(a.state().has(HealthFlag.PENDING_DYNAMIC_REMOVAL)).isTrue();
    }

    @Test
    void anEndpointThatOutlivedDiscoveryLeavesWithItsFirstFailedCheck() {
        Reconciliation first = passing(reconcile(checked, EndpointSet.EMPTY, endpoint("a"), endpoint("b")));
        Endpoint a = only(first, "a");
        EndpointSet without =
                reconcile(checked, first.endpoints(), endpoint("b")).endpoints();
        assertThat(checked.dropFailed(without).endpoints()).isSameAs(without);

        a.state().set(HealthFlag.FAILED_ACTIVE_HC);
        Reconciliation dropped = checked.dropFailed(without);

        assertThat(dropped.removed()).containsExactly(a);
        assertThat(dropped.endpoints().endpoints())
                .extracting(Endpoint::addressText)
                .containsExactly("b");
    }

    @Test
    void anEndpointThatComesBackIsNoLongerPendingRemoval() {
        Reconciliation first = passing(reconcile(checked, EndpointSet.EMPTY, endpoint("a")));
        EndpointSet without = reconcile(checked, first.endpoints()).endpoints();

        Reconciliation back = reconcile(checked, without, endpoint("a"));

        assertThat(back.added()).isEmpty();
        assertThat(flags(only(back, "a").state())).isEmpty();
    }

    @Test
    void anUnhealthyEndpointLeavesWithDiscovery() {
        for (HealthFlag reason : List.of(HealthFlag.FAILED_ACTIVE_HC, HealthFlag.FAILED_EDS_HEALTH)) {
            Reconciliation first = passing(reconcile(checked, EndpointSet.EMPTY, endpoint("a"), endpoint("b")));
            only(first, "a").state().set(reason);

            Reconciliation next = reconcile(checked, first.endpoints(), endpoint("b"));

            assertThat(next.removed()).as(reason.name()).containsExactly(only(first, "a"));
        }
    }

    @Test
    void healthIsIgnoredOnRemovalWhereSoConfigured() {
        EndpointReconciler ignoring = reconciler(true, false, true);
        Reconciliation first = passing(reconcile(ignoring, EndpointSet.EMPTY, endpoint("a")));

        Reconciliation next = reconcile(ignoring, first.endpoints());

        assertThat(next.removed()).containsExactly(only(first, "a"));
        assertThat(next.endpoints().isEmpty()).isTrue();
    }

    private static EndpointReconciler reconciler(boolean active, boolean warm, boolean ignoreOnRemoval) {
        return new EndpointReconciler(new EndpointReconciler.Settings(active, warm, ignoreOnRemoval));
    }

    private static Reconciliation reconcile(
            EndpointReconciler reconciler, EndpointSet previous, ExampleEndpoint... examples) {
        return reconciler.reconcile(
                previous,
                ASSIGNMENT,
                FoundEndpoints.of(
                        Stream.of(examples).map(ExampleEndpoint::resolved).toList()));
    }

    private static Reconciliation passing(Reconciliation result) {
        result.endpoints().endpoints().forEach(e -> e.state().clear(HealthFlag.FAILED_ACTIVE_HC));
        return result;
    }

    private static Endpoint only(Reconciliation result, String address) {
        return result.endpoints().byAddress(address).orElseThrow();
    }

    private static List<HealthFlag> flags(EndpointState state) {
        return Stream.of(HealthFlag.values()).filter(state::has).toList();
    }
}
