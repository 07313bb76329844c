package dev.starling.healthcheck.active;

/** How one check of an endpoint ended. */
public sealed interface ProbeResult {

    /** For people: a log line, or the actor's inspection. */
    String reason();

    /** @param degraded the answer carried {@code x-envoy-degraded} */
    record Passed(boolean degraded) implements ProbeResult {
        @Override
        public String reason() {
            return degraded ? "passed, degraded" : "passed";
        }
    }

    /**
     * The endpoint answered, and wrongly: one such answer is enough to fail it.
     *
     * @param status of the HTTP answer, 0 where there is none
     * @param exclude the answer carried {@code x-envoy-immediate-health-check-fail}
     */
    record FailedResponse(int status, boolean exclude, String reason) implements ProbeResult {}

    /** The endpoint answered with a status that only counts towards the threshold. */
    record RetriableResponse(int status, boolean exclude, String reason) implements ProbeResult {}

    /** No answer came: refused, reset, closed, or not understood. */
    record NetworkFailure(String reason) implements ProbeResult {}

    /** No answer came in time. */
    record TimedOut() implements ProbeResult {
        @Override
        public String reason() {
            return "timed out";
        }
    }
}
