package dev.starling.runtime.http.filter.router;

import dev.starling.config.Metadata;
import dev.starling.config.route.RetryPolicy;
import dev.starling.config.route.RetryPolicy.HostPredicate;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which endpoints another attempt of one request is rather not given to: {@code retry_host_predicate}. Confined to the loop. */
final class AvoidedEndpoints {

    private static final String NAMESPACE = "envoy.lb";

    private final List<HostPredicate> predicates;

    /** Each once; the states are what stays the same when endpoints are updated. */
    private final List<EndpointState> attempted;

    AvoidedEndpoints(RetryPolicy policy) {
        this.predicates = policy.hostPredicates();
        this.attempted = predicates.isEmpty() ? List.of() : new ArrayList<>(2);
    }

    void attempted(Endpoint endpoint) {
        if (!predicates.isEmpty() && !attempted.contains(endpoint.state())) {
            attempted.add(endpoint.state());
        }
    }

    boolean contains(Endpoint endpoint) {
        for (HostPredicate predicate : predicates) {
            boolean avoided = switch (predicate) {
                case HostPredicate.PreviousHosts _ -> attempted.contains(endpoint.state());
                case HostPredicate.CanaryHosts _ ->
                    Boolean.TRUE.equals(labels(endpoint).get("canary"));
                case HostPredicate.WithMetadata(Metadata metadata) -> has(labels(endpoint), labels(metadata));
            };
            if (avoided) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, Object> labels(Endpoint endpoint) {
        return labels(endpoint.config().metadata());
    }

    private static Map<String, Object> labels(Metadata metadata) {
        return metadata.filterMetadata().getOrDefault(NAMESPACE, Map.of());
    }

    /** Whether they have all that is unwanted; one value of a list is enough. */
    private static boolean has(Map<String, Object> labels, Map<String, Object> unwanted) {
        for (Map.Entry<String, Object> label : unwanted.entrySet()) {
            @Nullable Object value = labels.get(label.getKey());
            boolean same = value instanceof List<?> list
                    ? list.contains(label.getValue())
                    : label.getValue().equals(value);
            if (!same) {
                return false;
            }
        }
        return !unwanted.isEmpty();
    }
}
