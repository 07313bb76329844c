package dev.starling.runtime.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.starling.config.FractionalPercent;
import dev.starling.config.RuntimeUint32;
import dev.starling.config.accesslog.AccessLogFilter;
import dev.starling.config.accesslog.AccessLogFilter.Comparison;
import dev.starling.config.matcher.HeaderMatcher;
import dev.starling.config.matcher.StringMatcher;
import dev.starling.runtime.layered.RuntimeSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EntryFilterTest {

    private final EntryFilterFactory factory = new EntryFilterFactory(Examples.CLOCK, () -> RuntimeSnapshot.EMPTY);
    private final StreamInfo info = Examples.answered();
    private Map<String, String> request = Map.of();

    @Test
    void comparesTheStatusCode() {
        info.responseCode = 503;

        assertThat(accepts(new AccessLogFilter.StatusCode(Comparison.GE, RuntimeUint32.of(500))))
                .isTrue();
        assertThat(accepts(new AccessLogFilter.StatusCode(Comparison.LE, RuntimeUint32.of(500))))
                .isFalse();
        assertThat(accepts(new AccessLogFilter.StatusCode(Comparison.EQ, RuntimeUint32.of(503))))
                .isTrue();
        assertThat(accepts(new AccessLogFilter.StatusCode(Comparison.NE, RuntimeUint32.of(503))))
                .isFalse();
    }

    @Test
    void comparesTheDurationInMilliseconds() {
        assertThat(accepts(new AccessLogFilter.DurationMillis(Comparison.GE, RuntimeUint32.of(41))))
                .isTrue();
        assertThat(accepts(new AccessLogFilter.DurationMillis(Comparison.GE, RuntimeUint32.of(42))))
                .isFalse();
    }

    @Test
    void knowsHealthChecks() {
        assertThat(accepts(new AccessLogFilter.NotHealthCheck())).isTrue();
        info.healthCheck = true;
        assertThat(accepts(new AccessLogFilter.NotHealthCheck())).isFalse();
    }

    @Test
    void combinesFilters() {
        AccessLogFilter yes = new AccessLogFilter.NotHealthCheck();
        AccessLogFilter no = new AccessLogFilter.StatusCode(Comparison.EQ, RuntimeUint32.of(1));

        assertThat(accepts(new AccessLogFilter.And(List.of(yes, yes)))).isTrue();
        assertThat(accepts(new AccessLogFilter.And(List.of(yes, no)))).isFalse();
        assertThat(accepts(new AccessLogFilter.Or(List.of(no, yes)))).isTrue();
        assertThat(accepts(new AccessLogFilter.Or(List.of(no, no)))).isFalse();
    }

    @Test
    void looksForAnyOfTheFlags() {
        assertThat(accepts(new AccessLogFilter.ResponseFlag(Set.of()))).isFalse();
        info.flag(ResponseFlag.UF);

        assertThat(accepts(new AccessLogFilter.ResponseFlag(Set.of()))).isTrue();
        assertThat(accepts(new AccessLogFilter.ResponseFlag(Set.of("UF", "UH"))))
                .isTrue();
        assertThat(accepts(new AccessLogFilter.ResponseFlag(Set.of("UH")))).isFalse();
    }

    @Test
    void matchesHeadersOfTheRequest() {
        request = Map.of("x-a", "15");

        assertThat(header(new HeaderMatcher.Rule.Present(true), false)).isTrue();
        assertThat(header(new HeaderMatcher.Rule.Present(true), true)).isFalse();
        assertThat(header(new HeaderMatcher.Rule.Range(10, 20), false)).isTrue();
        assertThat(header(new HeaderMatcher.Rule.Range(10, 15), false)).isFalse();
        assertThat(header(new HeaderMatcher.Rule.Text(new StringMatcher.Exact("15", false)), true))
                .isFalse();

        request = Map.of();
        assertThat(header(new HeaderMatcher.Rule.Present(false), false)).isTrue();
        assertThat(header(new HeaderMatcher.Rule.Text(new StringMatcher.Exact("15", false)), true))
                .isFalse();
        assertThat(accepts(new AccessLogFilter.Header(new HeaderMatcher(
                        "x-a", new HeaderMatcher.Rule.Text(new StringMatcher.Exact("", false)), false, true))))
                .isTrue();
    }

    @Test
    void samplesByTheRequestIdSoThatAllProxiesAgree() {
        AccessLogFilter half = new AccessLogFilter.RuntimeSampled(new FractionalPercent(50, 100, ""));

        request = Map.of("x-request-id", "00000031-e417-45a4-bb67-46fcbb8903ac");
        assertThat(accepts(half)).isTrue();
        request = Map.of("x-request-id", "00000032-e417-45a4-bb67-46fcbb8903ac");
        assertThat(accepts(half)).isFalse();
    }

    @Test
    void samplesTheRightShareWithoutARequestId() {
        EntryFilter tenth = factory.filter(new AccessLogFilter.RuntimeSampled(new FractionalPercent(10, 100, "")));
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            info.startNanos = i * 1_000L;
            request = i % 2 == 0 ? Map.of() : Map.of("x-request-id", "not-hexadecimal");
            accepted += tenth.accepts(info, request::get) ? 1 : 0;
        }
        assertThat(accepted / 20_000.0).isCloseTo(0.1, within(0.01));
    }

    private boolean header(HeaderMatcher.Rule rule, boolean invert) {
        return accepts(new AccessLogFilter.Header(new HeaderMatcher("x-a", rule, invert, false)));
    }

    private boolean accepts(AccessLogFilter filter) {
        return factory.filter(filter).accepts(info, request::get);
    }
}
