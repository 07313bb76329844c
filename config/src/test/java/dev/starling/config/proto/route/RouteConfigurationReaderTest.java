package dev.starling.config.proto.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.FractionalPercent;
import dev.starling.config.HeaderMutation;
import dev.starling.config.HeaderMutation.Append;
import dev.starling.config.HeaderMutations;
import dev.starling.config.Metadata;
import dev.starling.config.RuntimeUint32;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.matcher.HeaderMatcher;
import dev.starling.config.matcher.QueryParameterMatcher;
import dev.starling.config.matcher.StringMatcher;
import dev.starling.config.proto.http.Translated;
import dev.starling.config.route.DirectResponseAction;
import dev.starling.config.route.GrpcTimeouts;
import dev.starling.config.route.NonForwardingAction;
import dev.starling.config.route.RedirectAction;
import dev.starling.config.route.RedirectAction.PathChange;
import dev.starling.config.route.Route;
import dev.starling.config.route.RouteAction;
import dev.starling.config.route.RouteAction.HostRewrite;
import dev.starling.config.route.RouteAction.PathRewrite;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.config.route.RouteAction.Target;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.RouteMatch;
import dev.starling.config.route.RouteMatch.PathSpecifier;
import dev.starling.config.route.UpgradeConfig;
import dev.starling.config.route.VirtualHost.TlsRequirement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RouteConfigurationReaderTest {

    @Test
    void hasEnvoysDefaults() throws Exception {
        var routes = read(
                "virtual_hosts: [{name: v, domains: [A.com], routes: [{match: {prefix: /}, route: {cluster: c}}]}]");

        assertThat(routes.name()).isEmpty();
        assertThat(routes.headers()).isEqualTo(HeaderMutations.NONE);
        assertThat(routes.mostSpecificHeaderMutationsWins()).isFalse();
        assertThat(routes.ignorePortInHostMatching()).isFalse();
        assertThat(routes.virtualHosts()).singleElement().satisfies(host -> {
            assertThat(host.domains()).containsExactly("a.com");
            assertThat(host.requireTls()).isEqualTo(TlsRequirement.NONE);
            assertThat(host.includeRequestAttemptCount()).isFalse();
            assertThat(host.includeAttemptCountInResponse()).isFalse();
        });
        assertThat(routes.virtualHosts().getFirst().routes().getFirst())
                .isEqualTo(new Route(
                        "",
                        new RouteMatch(
                                new PathSpecifier.Prefix("/"), true, List.of(), List.of(), false, Optional.empty()),
                        new RouteAction(
                                new Target.ToCluster("c"),
                                503,
                                Duration.ofSeconds(15),
                                Optional.empty(),
                                Optional.empty(),
                                PathRewrite.None.NONE,
                                HostRewrite.None.NONE,
                                false,
                                RoutingPriority.DEFAULT,
                                List.of()),
                        HeaderMutations.NONE,
                        Metadata.NONE,
                        "",
                        Map.of(),
                        OptionalLong.empty()));
    }

    @Test
    void readsWhatHoldsForAllRoutes() throws Exception {
        var routes = read("""
                name: r
                internal_only_headers: [X-Secret]
                request_headers_to_add: [{header: {key: X-A, value: "%PROTOCOL%"}, append: false}]
                request_headers_to_remove: [X-B]
                response_headers_to_add: [{header: {key: x-c}, keep_empty_value: true, append_action: OVERWRITE_IF_EXISTS}]
                response_headers_to_remove: [x-d]
                most_specific_header_mutations_wins: true
                ignore_port_in_host_matching: true
                virtual_hosts:
                - name: v
                  domains: ["*.Example.com", "www.*", "*"]
                  require_tls: EXTERNAL_ONLY
                  include_request_attempt_count: true
                  include_attempt_count_in_response: true
                  request_headers_to_remove: [x-e]
                """);

        assertThat(routes.internalOnlyHeaders()).containsExactly("x-secret");
        assertThat(routes.headers())
                .isEqualTo(new HeaderMutations(
                        List.of(new HeaderMutation(
                                "x-a", FormatString.parse("%PROTOCOL%"), Append.OVERWRITE_IF_EXISTS_OR_ADD, false)),
                        List.of("x-b"),
                        List.of(new HeaderMutation("x-c", FormatString.literal(""), Append.OVERWRITE_IF_EXISTS, true)),
                        List.of("x-d")));
        assertThat(routes.mostSpecificHeaderMutationsWins()).isTrue();
        assertThat(routes.ignorePortInHostMatching()).isTrue();
        assertThat(routes.virtualHosts()).singleElement().satisfies(host -> {
            assertThat(host.domains()).containsExactly("*.example.com", "www.*", "*");
            assertThat(host.requireTls()).isEqualTo(TlsRequirement.EXTERNAL_ONLY);
            assertThat(host.includeRequestAttemptCount()).isTrue();
            assertThat(host.includeAttemptCountInResponse()).isTrue();
            assertThat(host.headers().requestRemove()).containsExactly("x-e");
        });
    }

    @Test
    void readsMatches() throws Exception {
        assertThat(match("path: /a, case_sensitive: false, grpc: {}").path()).isEqualTo(new PathSpecifier.Exact("/a"));
        assertThat(match("path: /a, case_sensitive: false").caseSensitive()).isFalse();
        assertThat(match("path: /a, grpc: {}").grpcOnly()).isTrue();
        assertThat(match("path_separated_prefix: /a").path()).isEqualTo(new PathSpecifier.PathSeparatedPrefix("/a"));
        assertThat(match("connect_matcher: {}").path()).isEqualTo(new PathSpecifier.Connect());
        assertThat(match("safe_regex: {regex: '/a+'}").path())
                .isInstanceOfSatisfying(
                        PathSpecifier.Regex.class,
                        regex -> assertThat(regex.pattern().pattern()).isEqualTo("/a+"));
        assertThat(match("prefix: /, runtime_fraction: {default_value: {numerator: 5, denominator: TEN_THOUSAND},"
                                + " runtime_key: k}")
                        .runtimeFraction())
                .contains(new FractionalPercent(5, 10_000, "k"));
    }

    @Test
    void readsHeaderMatchers() throws Exception {
        assertThat(match("""
                prefix: /, headers: [
                {name: A},
                {name: b, present_match: false},
                {name: c, range_match: {start: -1, end: 5}, invert_match: true},
                {name: d, exact_match: x, treat_missing_header_as_empty: true},
                {name: e, prefix_match: x}, {name: f, suffix_match: x}, {name: g, contains_match: x},
                {name: ':method', string_match: {exact: GET, ignore_case: true}}]""").headers())
                .containsExactly(
                        new HeaderMatcher("a", new HeaderMatcher.Rule.Present(true), false, false),
                        new HeaderMatcher("b", new HeaderMatcher.Rule.Present(false), false, false),
                        new HeaderMatcher("c", new HeaderMatcher.Rule.Range(-1, 5), true, false),
                        header("d", new StringMatcher.Exact("x", false), true),
                        header("e", new StringMatcher.Prefix("x", false), false),
                        header("f", new StringMatcher.Suffix("x", false), false),
                        header("g", new StringMatcher.Contains("x", false), false),
                        header(":method", new StringMatcher.Exact("GET", true), false));
        assertThat(match("prefix: /, headers: [{name: a, safe_regex_match: {regex: 'x*'}},"
                                + " {name: a, string_match: {safe_regex: {regex: 'x*'}}}]")
                        .headers())
                .allSatisfy(matcher -> assertThat(((HeaderMatcher.Rule.Text) matcher.rule()).matcher())
                        .isInstanceOfSatisfying(
                                StringMatcher.Regex.class,
                                regex -> assertThat(regex.matches("xx")).isTrue()));
    }

    @Test
    void readsQueryParameterMatchers() throws Exception {
        assertThat(match("""
                prefix: /, query_parameters: [{name: a}, {name: B, present_match: true},
                {name: c, string_match: {suffix: x}}]""").queryParameters())
                .containsExactly(
                        new QueryParameterMatcher("a", new QueryParameterMatcher.Rule.Present(true)),
                        new QueryParameterMatcher("B", new QueryParameterMatcher.Rule.Present(true)),
                        new QueryParameterMatcher(
                                "c", new QueryParameterMatcher.Rule.Text(new StringMatcher.Suffix("x", false))));
    }

    @Test
    void readsDeadlinesOfGrpc() throws Exception {
        var second = Optional.of(Duration.ofSeconds(1));
        Optional<Duration> none = Optional.empty();
        assertThat(forward("max_grpc_timeout: 0s, grpc_timeout_offset: 1s").grpcTimeouts())
                .isEqualTo(new GrpcTimeouts(false, none, none, Optional.of(Duration.ZERO), second));
        assertThat(forward("max_stream_duration: {grpc_timeout_header_max: 1s, grpc_timeout_header_offset: 1s},"
                                + " max_grpc_timeout: 1s")
                        .grpcTimeouts())
                .isEqualTo(new GrpcTimeouts(true, second, second, none, none));
        assertThat(forward("timeout: 1s, max_stream_duration: {}").timeout()).isZero();
    }

    @Test
    void readsRouteActions() throws Exception {
        assertThat(action("route: {cluster_header: X-C, cluster_not_found_response_code: NOT_FOUND, timeout: 0s,"
                        + " idle_timeout: 2s, max_stream_duration: {max_stream_duration: 3s}, prefix_rewrite: /p,"
                        + " host_rewrite_literal: h, append_x_forwarded_host: true, priority: HIGH,"
                        + " upgrade_configs: [{upgrade_type: WebSocket, enabled: false}]}"))
                .isEqualTo(new RouteAction(
                        new Target.ClusterHeader("x-c"),
                        404,
                        Duration.ZERO,
                        Optional.of(Duration.ofSeconds(2)),
                        Optional.of(Duration.ofSeconds(3)),
                        new PathRewrite.Prefix("/p"),
                        new HostRewrite.Literal("h"),
                        true,
                        RoutingPriority.HIGH,
                        List.of(new UpgradeConfig("websocket", false)),
                        new GrpcTimeouts(true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                        Optional.empty()));
        assertThat(forward("auto_host_rewrite: true").hostRewrite()).isEqualTo(HostRewrite.Auto.AUTO);
        assertThat(forward("auto_host_rewrite: false").hostRewrite()).isEqualTo(HostRewrite.None.NONE);
        assertThat(forward("host_rewrite_header: X-H").hostRewrite()).isEqualTo(new HostRewrite.Header("x-h"));
        assertThat(forward("host_rewrite_literal: ''").hostRewrite()).isEqualTo(HostRewrite.None.NONE);
        assertThat(forward("host_rewrite_path_regex: {pattern: {regex: a}, substitution: '\\1'}")
                        .hostRewrite())
                .isInstanceOfSatisfying(
                        HostRewrite.PathRegex.class,
                        regex -> assertThat(regex.substitution()).isEqualTo("\\1"));
        assertThat(forward("regex_rewrite: {pattern: {regex: a}, substitution: b}")
                        .pathRewrite())
                .isInstanceOfSatisfying(
                        PathRewrite.Regex.class,
                        regex -> assertThat(regex.pattern().pattern()).isEqualTo("a"));
    }

    @Test
    void readsWeightedClusters() throws Exception {
        var action = (RouteAction)
                action(
                        "route: {weighted_clusters: {header_name: X-W, clusters: [{name: c, weight: 0},"
                                + " {name: c, weight: 4294967295, host_rewrite_literal: h, request_headers_to_remove: [x-a]}]}}");

        assertThat(action.target()).isInstanceOfSatisfying(Target.WeightedClusters.class, weighted -> {
            assertThat(weighted.totalWeight()).isEqualTo(4294967295L);
            assertThat(weighted.headerName()).isEqualTo("x-w");
            assertThat(weighted.clusters())
                    .containsExactly(
                            new RouteAction.WeightedCluster(
                                    "c", RuntimeUint32.of(0), HeaderMutations.NONE, "", Map.of()),
                            new RouteAction.WeightedCluster(
                                    "c",
                                    RuntimeUint32.of(4294967295L),
                                    new HeaderMutations(List.of(), List.of("x-a"), List.of(), List.of()),
                                    "h",
                                    Map.of()));
        });
    }

    @Test
    void readsRedirects() throws Exception {
        assertThat(action("redirect: {}"))
                .isEqualTo(new RedirectAction("", "", OptionalInt.empty(), PathChange.None.NONE, 301, false));
        assertThat(action("redirect: {https_redirect: true, host_redirect: h, port_redirect: 8443,"
                        + " path_redirect: '/a?b', response_code: PERMANENT_REDIRECT, strip_query: true}"))
                .isEqualTo(new RedirectAction(
                        "https", "h", OptionalInt.of(8443), new PathChange.Replace("/a?b"), 308, true));
        assertThat(action("redirect: {scheme_redirect: ftp, prefix_rewrite: /p, response_code: FOUND}"))
                .isEqualTo(new RedirectAction("ftp", "", OptionalInt.empty(), new PathChange.Prefix("/p"), 302, false));
        assertThat(((RedirectAction) action("redirect: {regex_rewrite: {pattern: {regex: a}, substitution: b}}"))
                        .path())
                .isInstanceOf(PathChange.Regex.class);
    }

    @Test
    void readsAnswersOfItsOwn() throws Exception {
        assertThat(action("non_forwarding_action: {}")).isEqualTo(new NonForwardingAction());
        assertThat(action("direct_response: {status: 404}"))
                .isInstanceOfSatisfying(DirectResponseAction.class, response -> {
                    assertThat(response.status()).isEqualTo(404);
                    assertThat(response.body()).isEmpty();
                });
        assertThat(action("direct_response: {status: 200, body: {inline_bytes: /wA=}}"))
                .isInstanceOfSatisfying(
                        DirectResponseAction.class,
                        response -> assertThat(response.body()).containsExactly(0xff, 0));
        assertThat(action("direct_response: {status: 200, body: {environment_variable: PATH}}"))
                .isInstanceOfSatisfying(
                        DirectResponseAction.class,
                        response -> assertThat(response.body()).asString().isEqualTo(System.getenv("PATH")));
    }

    @Test
    void keepsNameMetadataAndStatPrefixOfARoute() throws Exception {
        var route = route("name: a, match: {prefix: /}, redirect: {}, stat_prefix: s,"
                + " metadata: {filter_metadata: {ns: {k: v}}}");
        assertThat(route.name()).isEqualTo("a");
        assertThat(route.statPrefix()).isEqualTo("s");
        assertThat(route.metadata().filterMetadata()).isEqualTo(Map.of("ns", Map.of("k", "v")));
    }

    @Test
    void hashesDifferWhereTextsDo() throws Exception {
        String yaml = "{name: a, virtual_hosts: [{name: v, domains: ['*']}]}";
        assertThat(read(yaml).contentHash()).isEqualTo(read(yaml).contentHash());
        assertThat(read(yaml).contentHash())
                .isNotEqualTo(read(yaml.replace("v,", "w,")).contentHash());
    }

    private static HeaderMatcher header(String name, StringMatcher matcher, boolean missingIsEmpty) {
        return new HeaderMatcher(name, new HeaderMatcher.Rule.Text(matcher), false, missingIsEmpty);
    }

    private static RouteMatch match(String match) throws Exception {
        return route("match: {" + match + "}, redirect: {}").match();
    }

    private static RouteAction forward(String options) throws Exception {
        return (RouteAction) action("route: {cluster: c, " + options + "}");
    }

    private static Route.Action action(String action) throws Exception {
        return route("match: {prefix: /}, " + action).action();
    }

    private static Route route(String route) throws Exception {
        return read("virtual_hosts: [{name: v, domains: ['*'], routes: [{" + route + "}]}]")
                .virtualHosts()
                .getFirst()
                .routes()
                .getFirst();
    }

    private static RouteConfiguration read(String yaml) throws Exception {
        return Translated.of(
                        io.envoyproxy.envoy.config.route.v3.RouteConfiguration.getDefaultInstance(),
                        yaml,
                        (message, context) -> RouteConfigurationReader.read(message, true, context))
                .get();
    }
}
