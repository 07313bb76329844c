package dev.starling.runtime.route;

import static dev.starling.runtime.route.ExampleRoute.named;
import static dev.starling.runtime.route.Examples.add;
import static dev.starling.runtime.route.Examples.compile;
import static dev.starling.runtime.route.Examples.config;
import static dev.starling.runtime.route.Examples.get;
import static dev.starling.runtime.route.Examples.requestMutations;
import static dev.starling.runtime.route.Examples.routes;
import static dev.starling.runtime.route.Examples.virtualHost;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.starling.config.HeaderMutations;
import dev.starling.config.RuntimeUint32;
import dev.starling.config.route.Route;
import dev.starling.config.route.RouteAction.HostRewrite;
import dev.starling.config.route.RouteAction.PathRewrite;
import dev.starling.config.route.RouteAction.Target;
import dev.starling.config.route.RouteAction.WeightedCluster;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.VirtualHost.TlsRequirement;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expectations were read off Envoy 1.40.0. */
class ForwardTest {

    private static final Target TO_C = new Target.ToCluster("c");

    private static Forward forward(RouteConfiguration config, RequestHead head) {
        return (Forward) Objects.requireNonNull(compile(config).route(head, 0));
    }

    private static RequestHead finalized(Route route, RequestHead head) {
        forward(routes(route), head).finalizeRequest(head, new Examples.Seen(head), true);
        return head;
    }

    private static Route rewriting(ExampleRoute route, PathRewrite rewrite) {
        return route.forward(TO_C, rewrite, HostRewrite.None.NONE, false);
    }

    private static Route rewriting(HostRewrite rewrite, boolean appendForwardedHost) {
        return named("r").forward(TO_C, PathRewrite.None.NONE, rewrite, appendForwardedHost);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/pa /new",
                "/pa/x?y=1 /new/x?y=1",
                "/pab /newb",
            })
    void replacesThePrefixThatMatched(String path, String expected) {
        RequestHead head =
                finalized(rewriting(named("r").prefix("/pa"), new PathRewrite.Prefix("/new")), get("h", path));

        assertThat(head.path()).isEqualTo(expected);
        assertThat(head.headers().get("x-envoy-original-path")).isEqualTo(path);
    }

    @Test
    void replacesWhatEachKindOfSpecifierMatched() {
        var replacement = new PathRewrite.Prefix("/z");

        assertThat(finalized(rewriting(named("r").exact("/ex"), replacement), get("h", "/ex?y"))
                        .path())
                .isEqualTo("/z?y");
        assertThat(finalized(rewriting(named("r").exact("/EX").ignoringCase(), replacement), get("h", "/ex?y"))
                        .path())
                .isEqualTo("/z?y");
        assertThat(finalized(rewriting(named("r").regex("/sre/.*"), replacement), get("h", "/sre/abc?d=e"))
                        .path())
                .isEqualTo("/z?d=e");
        assertThat(finalized(rewriting(named("r").segments("/sep"), replacement), get("h", "/sep/x?y"))
                        .path())
                .isEqualTo("/z/x?y");
        assertThat(finalized(rewriting(named("r").prefix("/px"), new PathRewrite.Prefix("/")), get("h", "/px/x"))
                        .path())
                .isEqualTo("//x");
    }

    @Test
    void doesNotRewriteToNothing() {
        RequestHead head =
                finalized(rewriting(named("r"), new PathRewrite.Regex(Pattern.compile("^/o"), "")), get("h", "/o"));

        assertThat(head.path()).isEqualTo("/o");
        assertThat(head.headers().get("x-envoy-original-path")).isNull();
    }

    @Test
    void rewritesThePathButNotTheQueryByPattern() {
        var rewrite = new PathRewrite.Regex(Pattern.compile("^/re/([^/]+)(/.*)$"), "\\2/i/\\1");

        RequestHead head = finalized(rewriting(named("r"), rewrite), get("h", "/re/v1/api/z?q=/re/a/b"));

        assertThat(head.path()).isEqualTo("/api/z/i/v1?q=/re/a/b");
        assertThat(head.headers().get("x-envoy-original-path")).isEqualTo("/re/v1/api/z?q=/re/a/b");
    }

    @Test
    void tellsTheOriginalPathEvenIfTheRewriteChangesNothing() {
        RequestHead head = finalized(
                rewriting(named("r"), new PathRewrite.Prefix("/")), get("h", "/same", "x-envoy-original-path: /evil"));

        assertThat(head.path()).isEqualTo("/same");
        assertThat(head.headers().get("x-envoy-original-path")).isEqualTo("/same");
    }

    @Test
    void keepsNoOriginalsWhereEnvoyHeadersAreSuppressed() {
        RequestHead head = get("h", "/a");
        Route route = named("r").forward(TO_C, new PathRewrite.Prefix("/b/"), new HostRewrite.Literal("n.h"), false);

        forward(routes(route), head).finalizeRequest(head, new Examples.Seen(head), false);

        assertThat(head.path()).isEqualTo("/b/a");
        assertThat(head.authority()).isEqualTo("n.h");
        assertThat(head.headers().get("x-envoy-original-path")).isNull();
        assertThat(head.headers().get("x-envoy-original-host")).isNull();
    }

    @Test
    void takesTheAuthorityFromWhereTheRouteSays() {
        assertThat(finalized(rewriting(new HostRewrite.Literal("lit.host"), false), get("h", "/"))
                        .authority())
                .isEqualTo("lit.host");
        assertThat(finalized(rewriting(new HostRewrite.Header("x-to"), false), get("h", "/", "x-to: a", "x-to: b"))
                        .authority())
                .isEqualTo("a");
        assertThat(finalized(rewriting(new HostRewrite.Header(":path"), false), get("h", "/auth?x"))
                        .authority())
                .isEqualTo("/auth?x");
        var regex = new HostRewrite.PathRegex(Pattern.compile("^/re/([^/]+).*$"), "\\1.x");
        assertThat(finalized(rewriting(regex, false), get("h", "/re/abc/d?q")).authority())
                .isEqualTo("abc.x");
        assertThat(finalized(rewriting(regex, false), get("h", "/re")).authority())
                .isEqualTo("/re");
    }

    @ParameterizedTest
    @CsvSource({"x-to:", "x-other: a"})
    void keepsTheAuthorityWhereTheHeaderHasNone(String header) {
        RequestHead head = finalized(rewriting(new HostRewrite.Header("x-to"), true), get("h", "/", header));

        assertThat(head.authority()).isEqualTo("h");
        assertThat(head.headers().get("x-envoy-original-host")).isNull();
        assertThat(head.headers().get("x-forwarded-host")).isNull();
    }

    @Test
    void seesTheAuthorityOfTheRequestWhenItRewritesByPathAndRewritesThePath() {
        Route route = named("r")
                .forward(
                        TO_C,
                        new PathRewrite.Prefix("/gone/"),
                        new HostRewrite.PathRegex(Pattern.compile("^/p1/(.+)$"), "\\1"),
                        false);

        RequestHead head = finalized(route, get("h", "/p1/abc?d"));

        assertThat(head.authority()).isEqualTo("abc");
        assertThat(head.path()).isEqualTo("/gone/p1/abc?d");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,b | a,b,h",
                "a,h | a,h",
                "h,a | h,a,h",
                "a, h | a, h,h",
                "h, | h,",
                ", | ,,h",
                "h | h",
                "H | H,h",
            })
    void appendsTheOldAuthorityUnlessItStandsLast(String before, String after) {
        RequestHead head = finalized(
                rewriting(new HostRewrite.Literal("lit.host"), true), get("h", "/", "x-forwarded-host: " + before));

        assertThat(head.headers().get("x-forwarded-host")).isEqualTo(after);
        assertThat(head.headers().get("x-envoy-original-host")).isEqualTo("h");
    }

    @Test
    void readsForwardedHostsFromAllTheirLines() {
        Route route = rewriting(new HostRewrite.Literal("lit.host"), true);

        assertThat(finalized(route, get("h", "/", "x-forwarded-host: a", "x-forwarded-host: b"))
                        .headers()
                        .get("x-forwarded-host"))
                .isEqualTo("a,b,h");
        assertThat(finalized(route, get("h", "/")).headers().get("x-forwarded-host"))
                .isEqualTo("h");
    }

    @Test
    void leavesTheAuthorityOfTheClusterToTheRouteThatRewritesToo() {
        var weighted = new Target.WeightedClusters(
                List.of(new WeightedCluster("c", RuntimeUint32.of(1), HeaderMutations.NONE, "wc.host", Map.of())),
                1,
                "");

        RequestHead clusterOnly = finalized(named("r").forward(weighted), get("h", "/"));
        RequestHead both = finalized(
                named("r").forward(weighted, PathRewrite.None.NONE, new HostRewrite.Literal("route.host"), true),
                get("h", "/"));

        assertThat(clusterOnly.authority()).isEqualTo("wc.host");
        assertThat(clusterOnly.headers().get("x-envoy-original-host")).isNull();
        assertThat(both.authority()).isEqualTo("route.host");
        assertThat(both.headers().get("x-envoy-original-host")).isEqualTo("wc.host");
        assertThat(both.headers().get("x-forwarded-host")).isEqualTo("wc.host");
    }

    @Test
    void mutatesHeadersBeforeItRewrites() {
        HeaderMutations ofCluster = requestMutations(List.of(), add("x-c", "%REQ(:AUTHORITY)%"));
        HeaderMutations ofRoute =
                requestMutations(List.of(), add("x-r", "%REQ(:AUTHORITY)%%REQ(:PATH)%"), add("x-to", "made.host"));
        var weighted = new Target.WeightedClusters(
                List.of(new WeightedCluster("c", RuntimeUint32.of(1), ofCluster, "wc.host", Map.of())), 1, "");

        RequestHead head = finalized(
                named("r")
                        .mutations(ofRoute)
                        .forward(weighted, new PathRewrite.Prefix("/b/"), new HostRewrite.Header("x-to"), false),
                get("h", "/a"));

        assertThat(head.headers().get("x-c")).isEqualTo("h");
        assertThat(head.headers().get("x-r")).isEqualTo("wc.host/a");
        assertThat(head.authority()).isEqualTo("made.host");
        assertThat(head.path()).isEqualTo("/b/a");
    }

    @ParameterizedTest
    @CsvSource({"false, cluster route vhost global", "true, cluster global vhost route"})
    void appliesTheLevelsInOrder(boolean mostSpecificWins, String expected) {
        var weighted = new Target.WeightedClusters(
                List.of(new WeightedCluster("c", RuntimeUint32.of(1), level("cluster"), "", Map.of())), 1, "");
        RouteConfiguration config = config(
                level("global"),
                mostSpecificWins,
                false,
                virtualHost(
                        "v",
                        List.of("*"),
                        TlsRequirement.NONE,
                        level("vhost"),
                        named("r").mutations(level("route")).forward(weighted)));
        RequestHead head = get("h", "/");
        Forward forward = forward(config, head);

        forward.finalizeRequest(head, new Examples.Seen(head), true);
        var response = new Headers();
        forward.finalizeResponse(response, new Examples.Seen(head));

        assertThat(valuesOf(head.headers(), "x-level")).isEqualTo(expected);
        assertThat(valuesOf(response, "r-level")).isEqualTo(expected);
    }

    private static HeaderMutations level(String name) {
        return new HeaderMutations(List.of(add("x-level", name)), List.of(), List.of(add("r-level", name)), List.of());
    }

    private static String valuesOf(Headers headers, String name) {
        StringBuilder values = new StringBuilder();
        for (int i = headers.find(name, 0); i >= 0; i = headers.find(name, i + 1)) {
            values.append(values.isEmpty() ? "" : " ").append(headers.value(i));
        }
        return values.toString();
    }

    @Test
    void makesValuesOfResponseHeadersFromRequestAndResponse() {
        HeaderMutations mutations = new HeaderMutations(
                List.of(),
                List.of(),
                List.of(add("r", "%RESP(:STATUS)% %RESP(X-UP)% %RESP(X-GONE)%%REQ(:PATH)%")),
                List.of("x-gone"));
        RequestHead head = get("h", "/a?b");
        Headers headers = new Headers();
        headers.add("x-up", "1");
        headers.add("x-gone", "2");
        var response = new ResponseHead(204, Protocol.HTTP_1_1, headers, -1, true);

        forward(routes(named("r").mutations(mutations).cluster("c")), head)
                .finalizeResponse(headers, new Examples.Seen(new StreamInfo(), head, response));

        assertThat(headers).hasToString("x-up: 1\nr: 204 1 /a?b\n");
    }

    @Test
    void hasNoRouteTimeoutWhereAMaximumStreamDurationIsSet() {
        Forward plain = forward(routes(named("r").cluster("c")), get("h", "/"));
        Forward limited =
                forward(routes(named("r").forwardWithMaxStreamDuration(Duration.ofSeconds(3))), get("h", "/"));

        assertThat(plain.timeoutNanos()).isEqualTo(Duration.ofSeconds(15).toNanos());
        assertThat(limited.timeoutNanos()).isZero();
    }
}
