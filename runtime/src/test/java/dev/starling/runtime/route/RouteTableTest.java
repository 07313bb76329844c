package dev.starling.runtime.route;

import static dev.starling.runtime.route.ExampleRoute.named;
import static dev.starling.runtime.route.Examples.compile;
import static dev.starling.runtime.route.Examples.config;
import static dev.starling.runtime.route.Examples.get;
import static dev.starling.runtime.route.Examples.request;
import static dev.starling.runtime.route.Examples.routes;
import static dev.starling.runtime.route.Examples.virtualHost;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.starling.config.HeaderMutations;
import dev.starling.config.route.VirtualHost.TlsRequirement;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteTableTest {

    private static String routeOf(RouteTable table, RequestHead head) {
        RouteResult result = table.route(head, 0);
        return result == null ? "none" : result.entry().name();
    }

    @Test
    void sendsConnectOnlyToRoutesForConnect() {
        RouteTable table = compile(routes(
                named("all").prefix("").cluster("c"),
                named("any").regex(".*").cluster("c"),
                named("connect").connect().cluster("c")));

        assertThat(routeOf(table, request("CONNECT", "h:443", ""))).isEqualTo("connect");
        assertThat(routeOf(table, get("h", "/"))).isEqualTo("all");
    }

    @Test
    void sendsConnectUdpToRoutesForConnect() {
        RouteTable table = compile(
                routes(named("connect").connect().cluster("c"), named("all").cluster("c")));
        var head = new RequestHead(
                "GET", "/masque", "h", "http", Protocol.HTTP_1_1, new Headers(), "connect-udp", -1, false);

        assertThat(routeOf(table, head)).isEqualTo("connect");
    }

    @Test
    void looksAtThePathUpToAFragment() {
        RouteTable table = compile(routes(named("exact").exact("/a").cluster("c")));

        assertThat(routeOf(table, get("h", "/a#b"))).isEqualTo("exact");
    }

    @Test
    void takesAFractionOfTheDraws() {
        RouteTable table = compile(
                routes(named("some").fraction(25).cluster("c"), named("rest").cluster("c")));
        RequestHead head = get("h", "/");

        long some = IntStream.range(0, 1000)
                .filter(draw -> Objects.requireNonNull(table.route(head, draw))
                        .entry()
                        .name()
                        .equals("some"))
                .count();

        assertThat(some).isEqualTo(250);
    }

    @Test
    void sparesInternalRequestsTheRedirectThatIsForExternalOnes() {
        RouteTable table = compile(config(virtualHost(
                "v",
                List.of("*"),
                TlsRequirement.EXTERNAL_ONLY,
                HeaderMutations.NONE,
                named("in").cluster("c"))));

        assertThat(table.route(get("h", "/x", "x-envoy-internal: true"), 0)).isInstanceOf(Forward.class);
        assertThat(table.route(get("h", "/x"), 0))
                .isInstanceOfSatisfying(
                        Redirect.class,
                        redirect -> assertThat(redirect.location()).isEqualTo("https://h/x"));
    }

    @Test
    void cannotTellAConnectRequestWhereToGo() {
        RouteTable table = compile(config(virtualHost(
                "v",
                List.of("*"),
                TlsRequirement.ALL,
                HeaderMutations.NONE,
                named("in").connect().cluster("c"))));

        assertThat(table.route(request("CONNECT", "h:443", ""), 0))
                .isInstanceOfSatisfying(
                        Redirect.class,
                        redirect -> assertThat(redirect.location()).isEmpty());
    }

    @Test
    void knowsWhereTheRouteStands() {
        RouteEntry entry = Objects.requireNonNull(
                        compile(routes(named("r").cluster("c"))).route(get("h", "/"), 0))
                .entry();

        assertThat(entry.name()).isEqualTo("r");
        assertThat(entry.virtualHostName()).isEqualTo("v");
    }

    @Test
    void allocatesNothingForAPlainRoute() {
        RouteTable table = compile(config(
                virtualHost("other", List.of("*.example.com", "other.*", "*")),
                virtualHost(
                        "v",
                        List.of("h.example.com"),
                        named("not this").exact("/x").cluster("c"),
                        named("r").prefix("/api").cluster("c"))));
        RequestHead head = get("h.example.com", "/api/things?q");
        var context = new Examples.Seen(head);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        routeMany(table, head, context, 20_000);

        long before = threads.getCurrentThreadAllocatedBytes();
        routeMany(table, head, context, 10_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated).isLessThan(10_000);
    }

    private static void routeMany(RouteTable table, RequestHead head, FormatContext context, int times) {
        for (int i = 0; i < times; i++) {
            if (table.route(head, i) instanceof Forward forward) {
                forward.finalizeRequest(head, context, true);
                forward.finalizeResponse(head.headers(), context);
            } else {
                throw new AssertionError("no route");
            }
        }
    }
}
