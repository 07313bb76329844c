package dev.starling.config.proto.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.starling.config.Metadata;
import dev.starling.config.Problem;
import dev.starling.config.matcher.HeaderMatcher;
import dev.starling.config.matcher.HeaderMatcher.Rule;
import dev.starling.config.matcher.StringMatcher;
import dev.starling.config.proto.http.Translated;
import dev.starling.config.route.RetryOn;
import dev.starling.config.route.RetryPolicy;
import dev.starling.config.route.RetryPolicy.Backoff;
import dev.starling.config.route.RetryPolicy.HostPredicate;
import dev.starling.config.route.RetryPolicy.RateLimited;
import dev.starling.config.route.RetryPolicy.ResetHeader;
import dev.starling.config.route.RouteAction;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.VirtualHost;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetriesReaderTest {

    private static final String HOST = "'@type': type.googleapis.com/envoy.extensions.retry.host";

    @Test
    void anEmptyPolicyHasEnvoysDefaults() throws Exception {
        assertThat(policy("{}")).isEqualTo(RetryPolicy.NONE);
        assertThat(policy("{host_selection_retry_max_attempts: 0, retry_on: ''}"))
                .isEqualTo(RetryPolicy.NONE);
    }

    @Test
    void readsAllOfAPolicy() throws Exception {
        var policy = policy("""
                retry_on: 5xx, connect-failure,unavailable
                num_retries: 4294967295
                per_try_timeout: 1.5s
                per_try_idle_timeout: 0.25s
                retriable_status_codes: [429, 503, 429]
                retriable_headers: [{name: X-Again}]
                retriable_request_headers: [{name: ":method", string_match: {exact: GET}}]
                retry_back_off: {base_interval: 0.1s, max_interval: 1s}
                rate_limited_retry_back_off:
                  reset_headers: [{name: Retry-After}, {name: X-Reset, format: UNIX_TIMESTAMP}]
                  max_interval: 60s
                retry_host_predicate:
                - name: envoy.retry_host_predicates.previous_hosts
                  typed_config: {HOST.previous_hosts.v3.PreviousHostsPredicate}
                - name: named as one likes
                  typed_config: {HOST.omit_canary_hosts.v3.OmitCanaryHostsPredicate}
                - name: envoy.retry_host_predicates.omit_host_metadata
                  typed_config:
                    HOST.omit_host_metadata.v3.OmitHostMetadataConfig
                    metadata_match: {filter_metadata: {envoy.lb: {stage: old}}}
                host_selection_retry_max_attempts: 5
                """.replace("HOST", HOST));

        assertThat(policy)
                .isEqualTo(new RetryPolicy(
                        Set.of(RetryOn.STATUS_5XX, RetryOn.CONNECT_FAILURE, RetryOn.GRPC_UNAVAILABLE),
                        4294967295L,
                        Duration.ofMillis(1500),
                        Duration.ofMillis(250),
                        Set.of(429, 503),
                        List.of(new HeaderMatcher("x-again", new Rule.Present(true), false, false)),
                        List.of(new HeaderMatcher(
                                ":method", new Rule.Text(new StringMatcher.Exact("GET", false)), false, false)),
                        new Backoff(Optional.of(Duration.ofMillis(100)), Optional.of(Duration.ofSeconds(1))),
                        Optional.of(new RateLimited(
                                List.of(new ResetHeader("retry-after", false), new ResetHeader("x-reset", true)),
                                Duration.ofMinutes(1))),
                        List.of(
                                HostPredicate.PreviousHosts.PREVIOUS_HOSTS,
                                HostPredicate.CanaryHosts.CANARY_HOSTS,
                                new HostPredicate.WithMetadata(
                                        new Metadata(Map.of("envoy.lb", Map.of("stage", "old"))))),
                        5));
    }

    @Test
    void roundsIntervalsAsEnvoyDoes() throws Exception {
        assertThat(policy("retry_back_off: {base_interval: 0.0001s}").backoff())
                .isEqualTo(new Backoff(Optional.of(Duration.ofMillis(1)), Optional.empty()));
        assertThat(policy("retry_back_off: {base_interval: 0.0029s, max_interval: 0.0021s}")
                        .backoff())
                .isEqualTo(new Backoff(Optional.of(Duration.ofMillis(2)), Optional.of(Duration.ofMillis(2))));
        assertThat(policy("rate_limited_retry_back_off: {reset_headers: [{name: a}], max_interval: 0.0001s}")
                        .rateLimited())
                .map(RateLimited::max)
                .contains(Duration.ofMillis(1));
        assertThat(policy("rate_limited_retry_back_off: {reset_headers: [{name: a}]}")
                        .rateLimited())
                .map(RateLimited::max)
                .contains(Duration.ofMinutes(5));
        assertThat(policy("per_try_timeout: 0.0009s").perTryTimeout()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"-1, 4294967295", "4294967298, 2"})
    void keepsAsManyBitsOfHostSelectionAttemptsAsEnvoy(long configured, long attempts) throws Exception {
        assertThat(policy("host_selection_retry_max_attempts: " + configured).hostSelectionAttempts())
                .isEqualTo(attempts);
    }

    @Test
    void warnsOfConditionsThatAreNotKnown() throws Exception {
        var read = route("retry_on: 'gateway_error, 5xx,, bogus'");

        assertThat(read.warnings())
                .extracting(Problem::path, Problem::message)
                .containsExactly(tuple(
                        "virtual_hosts[0].routes[0].route.retry_policy.retry_on",
                        "no condition is called `gateway_error`, did you mean `gateway-error`?;"
                                + " no condition is called `bogus`; ignored"));
        assertThat(policy(read).on()).containsExactly(RetryOn.STATUS_5XX);
    }

    @Test
    void readsWhatVirtualHostsAndRoutesSay() throws Exception {
        var host = read("""
                virtual_hosts:
                - name: v
                  domains: ["*"]
                  retry_policy: {retry_on: reset}
                  include_is_timeout_retry_header: true
                  per_request_buffer_limit_bytes: 4294967295
                  routes: [{match: {prefix: /}, per_request_buffer_limit_bytes: 0, route: {cluster: c}}]
                """).get().virtualHosts().getFirst();

        assertThat(host.retries().policy()).map(RetryPolicy::on).contains(Set.of(RetryOn.RESET));
        assertThat(host.retries().includeIsTimeoutHeader()).isTrue();
        assertThat(host.retries().requestBufferLimit()).hasValue(4294967295L);
        var route = host.routes().getFirst();
        assertThat(route.requestBufferLimit()).hasValue(0);
        assertThat(((RouteAction) route.action()).retryPolicy()).isEmpty();
    }

    @Test
    void saysNothingWhereNothingIsSaid() throws Exception {
        var host =
                read("virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {prefix: /}, route: {cluster: c}}]}]")
                        .get()
                        .virtualHosts()
                        .getFirst();

        assertThat(host.retries()).isEqualTo(VirtualHost.Retries.NONE);
        assertThat(host.routes().getFirst().requestBufferLimit()).isEqualTo(OptionalLong.empty());
    }

    @Test
    void refusesAWrongPolicyOfAVirtualHost() throws Exception {
        assertThat(read("virtual_hosts: [{name: v, domains: ['*'], retry_policy: {per_try_timeout: -1s}}]")
                        .complaints())
                .containsExactly("virtual_hosts[0].retry_policy.per_try_timeout: must not be negative");
    }

    private static RetryPolicy policy(String yaml) throws Exception {
        return policy(route(yaml));
    }

    private static RetryPolicy policy(Translated<RouteConfiguration> read) {
        var route = read.get().virtualHosts().getFirst().routes().getFirst();
        return ((RouteAction) route.action()).retryPolicy().orElseThrow();
    }

    private static Translated<RouteConfiguration> route(String policy) throws Exception {
        return read("""
                virtual_hosts:
                - name: v
                  domains: ["*"]
                  routes:
                  - match: {prefix: /}
                    route:
                      cluster: c
                      retry_policy:
                """ + policy.strip().indent(8));
    }

    private static Translated<RouteConfiguration> read(String yaml) throws Exception {
        return Translated.of(
                io.envoyproxy.envoy.config.route.v3.RouteConfiguration.getDefaultInstance(),
                yaml,
                (message, context) -> RouteConfigurationReader.read(message, false, context));
    }
}
