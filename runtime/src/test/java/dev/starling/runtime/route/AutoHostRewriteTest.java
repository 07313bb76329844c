package dev.starling.runtime.route;

import static dev.starling.runtime.route.ExampleRoute.named;
import static dev.starling.runtime.route.Examples.compile;
import static dev.starling.runtime.route.Examples.get;
import static dev.starling.runtime.route.Examples.routes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.route.Route;
import dev.starling.config.route.RouteAction.HostRewrite;
import dev.starling.config.route.RouteAction.PathRewrite;
import dev.starling.config.route.RouteAction.Target;
import dev.starling.runtime.message.RequestHead;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AutoHostRewriteTest {

    private static RequestHead rewritten(HostRewrite rewrite, String hostname) {
        Route route = named("r").forward(new Target.ToCluster("c"), PathRewrite.None.NONE, rewrite, true);
        RequestHead head = get("h", "/");
        Forward forward =
                (Forward) Objects.requireNonNull(compile(routes(route)).route(head, 0));
        forward.finalizeRequest(head, new Examples.Seen(head), true);
        forward.rewriteHost(head, Examples.endpoint(hostname), true);
        return head;
    }

    @Test
    void takesTheHostNameOfTheEndpoint() {
        RequestHead head = rewritten(HostRewrite.Auto.AUTO, "up.example");

        assertThat(head.authority()).isEqualTo("up.example");
        assertThat(head.headers().get("x-envoy-original-host")).isEqualTo("h");
        assertThat(head.headers().get("x-forwarded-host")).isEqualTo("h");
    }

    @Test
    void keepsTheAuthorityWhereTheEndpointHasNoName() {
        RequestHead head = rewritten(HostRewrite.Auto.AUTO, "");

        assertThat(head.authority()).isEqualTo("h");
        assertThat(head.headers().get("x-envoy-original-host")).isNull();
    }

    @Test
    void leavesRoutesWithoutItAlone() {
        assertThat(rewritten(HostRewrite.None.NONE, "up.example").authority()).isEqualTo("h");
    }
}
