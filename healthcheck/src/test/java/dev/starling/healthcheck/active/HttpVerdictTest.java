package dev.starling.healthcheck.active;

import static dev.starling.healthcheck.Examples.http;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.HealthCheck.StatusRange;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpVerdictTest {

    @ParameterizedTest
    @CsvSource({"200, passed", "201, failed", "204, failed", "100, failed", "503, failed"})
    void expects200WhereNothingElseIsConfigured(int status, String verdict) {
        assertThat(verdict(List.of(), List.of(), status)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "200, failed",
        "204, passed",
        "299, passed",
        "300, retriable",
        "399, retriable",
        "400, failed",
        "429, passed"
    })
    void takesHalfOpenRangesAndExpectationFirst(int status, String verdict) {
        var expected = List.of(new StatusRange(201, 300), new StatusRange(429, 430));
        var retriable = List.of(new StatusRange(250, 400), new StatusRange(429, 430));

        assertThat(verdict(expected, retriable, status)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void heedsTheHeaderThatBelongsToTheOutcome(boolean degraded, boolean immediateFail) {
        var probe = http(List.of(), List.of(new StatusRange(429, 430)));

        assertThat(HttpVerdict.of(probe, 200, degraded, immediateFail)).isEqualTo(new ProbeResult.Passed(degraded));
        assertThat(HttpVerdict.of(probe, 503, degraded, immediateFail))
                .isEqualTo(new ProbeResult.FailedResponse(503, immediateFail, "status 503"));
        assertThat(HttpVerdict.of(probe, 429, degraded, immediateFail))
                .isEqualTo(new ProbeResult.RetriableResponse(429, immediateFail, "status 429"));
    }

    private static String verdict(List<StatusRange> expected, List<StatusRange> retriable, int status) {
        return switch (HttpVerdict.of(http(expected, retriable), status, false, false)) {
            case ProbeResult.Passed _ -> "passed";
            case ProbeResult.FailedResponse _ -> "failed";
            case ProbeResult.RetriableResponse _ -> "retriable";
            case ProbeResult.NetworkFailure _, ProbeResult.TimedOut _ -> "no answer";
        };
    }
}
