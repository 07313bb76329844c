package dev.starling.healthcheck.active;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.starling.healthcheck.active.HealthState.Step;
import dev.starling.healthcheck.active.HealthState.Thresholds;
import dev.starling.lb.EndpointState;
import dev.starling.lb.HealthFlag;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Results are letters: P passed, D passed but degraded, F failed, X failed with the exclusion header, R retriable status,
 * Y the same with the header, N network failure, T time-out, I the header in an answer to a request.
 *
 * <p>After each the state is H or U, with = unchanged, ~ pending, ! changed, and the flags d(egraded), t(imed out),
 * x(cluded), p(ending). Thresholds: 3 to become unhealthy, 2 to become healthy.
 */
class HealthStateTest {

    private static final Thresholds THRESHOLDS = new Thresholds(2, 3);

    @ParameterizedTest
    @CsvSource({
        // The first result counts alone; a first failure leaves the endpoint as it began.
        "P,      H!",
        "N P P,  U= U~ H!",
        "F P P,  U= U~ H!",
        // A failure in between starts the passes anew.
        "N P N P P, U= U~ U= U~ H!",
        "N P I P P, U= U~ U=x U~x H!",
        // A wrong answer fails at once, in any number.
        "P F,    H! U!",
        "P N F,  H! H~ U!",
        "P I,    H! U!x",
        // The network and retriable answers count together.
        "P N N N, H! H~ H~ U!",
        "P R R R, H! H~ H~ U!",
        "P N R T, H! H~ H~ U!t",
        // A pass in between starts the failures anew.
        "P N N P N N N, H! H~ H~ H= H~ H~ U!",
        // While failed, the flag shows how the last check failed; becoming healthy clears it.
        "T,      U=t",
        "T N T,  U=t U= U=t",
        "T P P,  U=t U~t H!",
        "P T T T P F P P, H! H~ H~ U!t U~t U= U~ H!",
        // Exclusion lasts until the endpoint is healthy.
        "P X N P P, H! U!x U=x U~x H!",
        "F X P P, U= U=x U~x H!",
        "P Y P,  H! H~x H=",
        // Degraded has no threshold, either way, and shows through failure.
        "D,      H!d",
        "P D P,  H! H!d H!",
        "P D D,  H! H!d H=d",
        "P D F D D, H! H!d U!d U~d H!d",
        "P D F P P, H! H!d U!d U~ H!",
    })
    void followsTheResults(String results, String expected) {
        assertThat(run(HealthState.of(begun(false)), results)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"P N, H! H~", "D P, H!d H!", "N N, U! U=", "T T, U!t U=t", "I P, U!x U~x"})
    void anExcludedNewcomerIsPublishedAfterItsFirstResultWhateverItIs(String results, String expected) {
        assertThat(run(HealthState.of(begun(true)), results)).isEqualTo(expected);
    }

    @Test
    void goesOnFromTheFlagsOfAnEarlierSession() {
        var endpoint = new EndpointState();

        assertThat(run(HealthState.of(endpoint), "N P N N N")).isEqualTo("H~ H= H~ H~ U!");
    }

    @Test
    void leavesTheFlagsOfOthersAlone() {
        var endpoint = begun(true);
        endpoint.set(HealthFlag.FAILED_OUTLIER_CHECK);
        endpoint.set(HealthFlag.FAILED_EDS_HEALTH);

        assertThat(HealthState.of(endpoint).flags())
                .isEqualTo(HealthFlag.FAILED_ACTIVE_HC.bit() | HealthFlag.PENDING_ACTIVE_HC.bit());
        assertThatThrownBy(() -> new HealthState(HealthFlag.FAILED_OUTLIER_CHECK.bit(), false, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTimeOutAloneDoesNotConcernPickers() {
        var failed = HealthState.of(begun(false)).after(new ProbeResult.NetworkFailure("refused"), THRESHOLDS);

        var timedOut = failed.state().after(new ProbeResult.TimedOut(), THRESHOLDS);
        var excluded = failed.state().afterPassiveFailure(THRESHOLDS);

        assertThat(timedOut.state()).isNotEqualTo(failed.state());
        assertThat(timedOut.state().picksDifferently(failed.state())).isFalse();
        assertThat(excluded.state().picksDifferently(failed.state())).isTrue();
    }

    @Test
    void logsWhatEnvoyLogs() {
        var events = new ArrayList<HealthEvent>();

        var state = HealthState.of(begun(false));
        for (char result : "NNPDPFDPTTT".toCharArray()) {
            var step = step(state, result);
            events.addAll(step.events());
            state = step.state();
        }

        assertThat(events)
                .containsExactly(
                        new HealthEvent.CheckFailure(FailureType.NETWORK, true, 0),
                        new HealthEvent.AddHealthy(false),
                        new HealthEvent.DegradedHealthyHost(),
                        new HealthEvent.NoLongerDegradedHost(),
                        new HealthEvent.EjectUnhealthy(FailureType.ACTIVE, 503),
                        new HealthEvent.DegradedHealthyHost(),
                        new HealthEvent.AddHealthy(false),
                        new HealthEvent.NoLongerDegradedHost(),
                        new HealthEvent.EjectUnhealthy(FailureType.NETWORK_TIMEOUT, 0));
    }

    @Test
    void logsAFirstPassAsSuch() {
        assertThat(step(HealthState.of(begun(false)), 'P').events()).containsExactly(new HealthEvent.AddHealthy(true));
        assertThat(step(HealthState.of(begun(false)), 'I').events())
                .isEqualTo(List.of(new HealthEvent.CheckFailure(FailureType.PASSIVE, true, 0)));
    }

    private static EndpointState begun(boolean exclude) {
        var endpoint = new EndpointState();
        endpoint.set(HealthFlag.FAILED_ACTIVE_HC);
        if (exclude) {
            endpoint.set(HealthFlag.PENDING_ACTIVE_HC);
        }
        return endpoint;
    }

    private static String run(HealthState state, String results) {
        var seen = new ArrayList<String>();
        for (var result : results.split(" ", -1)) {
            var step = step(state, result.charAt(0));
            seen.add(show(step));
            state = step.state();
        }
        return String.join(" ", seen);
    }

    private static Step step(HealthState state, char result) {
        return switch (result) {
            case 'P' -> state.after(new ProbeResult.Passed(false), THRESHOLDS);
            case 'D' -> state.after(new ProbeResult.Passed(true), THRESHOLDS);
            case 'F' -> state.after(new ProbeResult.FailedResponse(503, false, "status 503"), THRESHOLDS);
            case 'X' -> state.after(new ProbeResult.FailedResponse(503, true, "status 503"), THRESHOLDS);
            case 'R' -> state.after(new ProbeResult.RetriableResponse(429, false, "status 429"), THRESHOLDS);
            case 'Y' -> state.after(new ProbeResult.RetriableResponse(429, true, "status 429"), THRESHOLDS);
            case 'N' -> state.after(new ProbeResult.NetworkFailure("refused"), THRESHOLDS);
            case 'T' -> state.after(new ProbeResult.TimedOut(), THRESHOLDS);
            case 'I' -> state.afterPassiveFailure(THRESHOLDS);
            default -> throw new IllegalArgumentException("result " + result);
        };
    }

    private static String show(Step step) {
        var shown = new StringBuilder(step.state().failed() ? "U" : "H");
        shown.append(
                switch (step.transition()) {
                    case UNCHANGED -> '=';
                    case PENDING -> '~';
                    case CHANGED -> '!';
                });
        show(shown, step, HealthFlag.DEGRADED_ACTIVE_HC, 'd');
        show(shown, step, HealthFlag.ACTIVE_HC_TIMEOUT, 't');
        show(shown, step, HealthFlag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL, 'x');
        show(shown, step, HealthFlag.PENDING_ACTIVE_HC, 'p');
        return shown.toString();
    }

    private static void show(StringBuilder shown, Step step, HealthFlag flag, char letter) {
        if ((step.state().flags() & flag.bit()) != 0) {
            shown.append(letter);
        }
    }
}
