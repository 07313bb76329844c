package dev.starling.lb;

import static dev.starling.lb.ExampleEndpoint.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.endpoint.EndpointConfig.HealthCheckOverride;
import dev.starling.config.endpoint.EndpointConfig.HealthStatus;
import dev.starling.config.endpoint.LoadAssignment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What is known to be the same is taken over as if it had been made again. */
class ReconciliationRandomTest {

    private static final LoadAssignment ASSIGNMENT = LoadAssignment.of("c", List.of());
    private static final int CHANGES = 30;
    private static final List<HealthStatus> HEALTH = List.of(HealthStatus.values());

    @Test
    void endpointsThatAreKnownToBeTheSameBecomeWhatTheyWouldOtherwise() {
        Seeds.forEach(200, random -> {
            var settings =
                    new EndpointReconciler.Settings(random.nextBoolean(), random.nextBoolean(), random.nextInt(4) == 0);
            var reconciler = new EndpointReconciler(settings);
            List<ResolvedEndpoint> resolved = new ArrayList<>();
            EndpointSet made = EndpointSet.EMPTY;
            EndpointSet known = EndpointSet.EMPTY;
            for (int i = random.nextInt(200); i > 0; i--) {
                resolved.add(example(random));
            }
            for (int change = 0; change < CHANGES; change++) {
                resolved = changed(resolved, random);
                pass(made, known, random);

                Reconciliation expected = reconciler.reconcile(made, ASSIGNMENT, FoundEndpoints.of(resolved));
                Reconciliation actual = reconciler.reconcile(known, ASSIGNMENT, new Known(List.copyOf(resolved)));

                assertThat(texts(actual.added())).isEqualTo(texts(expected.added()));
                assertThat(texts(actual.removed())).isEqualTo(texts(expected.removed()));
                assertThat(texts(actual.changed())).isEqualTo(texts(expected.changed()));
                assertThat(actual.moved()).isEqualTo(expected.moved());
                assertThat(actual.endpoints() == known).isEqualTo(expected.endpoints() == made);
                assertThat(texts(actual.endpoints().endpoints()))
                        .isEqualTo(texts(expected.endpoints().endpoints()));
                checkIndex(known, actual.endpoints());
                made = expected.endpoints();
                known = actual.endpoints();
            }
        });
    }

    private static void checkIndex(EndpointSet before, EndpointSet after) {
        for (Endpoint endpoint : after.endpoints()) {
            assertThat(after.byAddress(endpoint.addressText()).orElseThrow()).isSameAs(endpoint);
        }
        for (Endpoint endpoint : before.endpoints()) {
            after.byAddress(endpoint.addressText())
                    .ifPresent(present -> assertThat(after.endpoints()).contains(present));
        }
    }

    /** What was found before is the same if it is the same object. */
    private record Known(List<ResolvedEndpoint> endpoints) implements FoundEndpoints {

        @Override
        public int size() {
            return endpoints.size();
        }

        @Override
        public ResolvedEndpoint get(int index) {
            return endpoints.get(index);
        }

        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean isSame(int index, Endpoint endpoint) {
            ResolvedEndpoint found = endpoints.get(index);
            return endpoint.config() == found.config()
                    && endpoint.priority() == found.priority()
                    && endpoint.locality().equals(found.locality());
        }
    }

    private static List<String> texts(List<Endpoint> endpoints) {
        return endpoints.stream()
                .map(endpoint -> endpoint.addressText() + " " + endpoint.config() + " " + endpoint.locality() + " "
                        + endpoint.priority() + " " + endpoint.state().healthFlags())
                .toList();
    }

    /** The same endpoints pass their checks, or fail them, in both. */
    private static void pass(EndpointSet made, EndpointSet known, RandomGenerator random) {
        for (Endpoint endpoint : made.endpoints()) {
            Endpoint same = known.byAddress(endpoint.addressText()).orElseThrow();
            if (random.nextInt(3) == 0) {
                boolean passes = random.nextBoolean();
                for (Endpoint each : List.of(endpoint, same)) {
                    each.state()
                            .replace(HealthFlag.FAILED_ACTIVE_HC.bit(), passes ? 0 : HealthFlag.FAILED_ACTIVE_HC.bit());
                }
            }
        }
    }

    private static ResolvedEndpoint example(RandomGenerator random) {
        return example("e" + random.nextInt(300), random);
    }

    private static ResolvedEndpoint example(String name, RandomGenerator random) {
        ExampleEndpoint example = endpoint(name);
        switch (random.nextInt(10)) {
            case 0 -> example.weight(1 + random.nextInt(3));
            case 1 -> example.health(HEALTH.get(random.nextInt(HEALTH.size())));
            case 2 -> example.at(random.nextInt(2));
            case 3 -> example.in("zone " + random.nextInt(2));
            case 4 -> example.hostname("host " + random.nextInt(2));
            case 5 -> example.healthCheck(new HealthCheckOverride(random.nextInt(2), "", random.nextBoolean()));
            default -> {}
        }
        return example.resolved();
    }

    private static List<ResolvedEndpoint> changed(List<ResolvedEndpoint> from, RandomGenerator random) {
        List<ResolvedEndpoint> endpoints = new ArrayList<>(from);
        for (int i = random.nextInt(4); i > 0; i--) {
            int one = endpoints.isEmpty() ? 0 : random.nextInt(endpoints.size());
            switch (random.nextInt(endpoints.isEmpty() ? 1 : 7)) {
                case 0 -> endpoints.add(one, example(random));
                case 1 -> endpoints.remove(one);
                case 2 -> endpoints.add(endpoints.get(one));
                case 3 -> endpoints.set(one, example(random));
                case 4 -> endpoints.set(one, example(endpoints.get(one).addressText(), random));
                case 5 -> Collections.rotate(endpoints, random.nextInt(100));
                default -> Collections.shuffle(endpoints, Random.from(random));
            }
        }
        return endpoints;
    }
}
