package dev.starling.lb;

/**
 * Endpoints sorted by their health at one moment. Excluded endpoints are in {@code all}, and may be in one of the other
 * lists, but stay out of the denominators by which availability is judged.
 */
public record HealthLists(EndpointList all, EndpointList healthy, EndpointList degraded, EndpointList excluded) {

    /** The members alone, before anybody has looked at their health. */
    static HealthLists unsorted(EndpointList all) {
        return new HealthLists(all, EndpointList.EMPTY, EndpointList.EMPTY, EndpointList.EMPTY);
    }

    /** The endpoints that count when availability is judged. */
    public int counted() {
        return all.size() - excluded.size();
    }

    /** The weight that counts when availability is judged. */
    public long countedWeight() {
        return all.weight() - excluded.weight();
    }

    /** Takes the members of a list one by one, with the flags they had when they were looked at. */
    static final class Gatherer {

        private final EndpointList.Builder healthy = new EndpointList.Builder();
        private final EndpointList.Builder degraded = new EndpointList.Builder();
        private final EndpointList.Builder excluded = new EndpointList.Builder();

        void add(Endpoint endpoint, int flags) {
            if (HealthFlag.healthy(flags)) {
                healthy.add(endpoint);
            } else if (HealthFlag.degraded(flags)) {
                degraded.add(endpoint);
            }
            if (HealthFlag.excluded(flags)) {
                excluded.add(endpoint);
            }
        }

        HealthLists build(EndpointList all) {
            return new HealthLists(all, healthy.buildOr(all), degraded.buildOr(all), excluded.buildOr(all));
        }
    }
}
