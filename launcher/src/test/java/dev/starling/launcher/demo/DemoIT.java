package dev.starling.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoIT {

    @Test
    void itsUpstreamsAnswerWithTheirNames() throws Exception {
        try (var upstreams = Upstreams.start()) {
            assertThat(get(upstreams, 0, "/").body()).isEqualTo("robin sings\n");
            assertThat(get(upstreams, 1, "/any/path").body()).isEqualTo("wren sings\n");
            assertThat(get(upstreams, 2, "/").body()).isEqualTo("finch sings\n");
        }
    }

    @Test
    void anyOfThemTakesTheOrderThatOneShallFail() throws Exception {
        try (var upstreams = Upstreams.start()) {
            assertThat(get(upstreams, 0, "/break/wren").statusCode()).isEqualTo(200);

            assertThat(get(upstreams, 0, "/").statusCode()).isEqualTo(200);
            assertThat(get(upstreams, 1, "/").statusCode()).isEqualTo(503);

            assertThat(get(upstreams, 1, "/mend/wren").statusCode()).isEqualTo(200);
            assertThat(get(upstreams, 1, "/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void itsBootstrapHasEveryPortFilledIn() throws Exception {
        try (var demo = Demo.start()) {
            String text = demo.bootstrap(10_000, 15_000).content().toStringUtf8();

            assertThat(text)
                    .contains("port_value: 10000", "port_value: 15000")
                    .doesNotContain("port_value: @", "@certificate@", "@key@");
        }
    }

    @Test
    void saysWhatToTry() throws Exception {
        var out = new ByteArrayOutputStream();
        try (var demo = Demo.start()) {
            demo.explain(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_000),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_443),
                    Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 15_000)),
                    new PrintStream(out, true, StandardCharsets.UTF_8));
        }

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "curl http://127.0.0.1:10000/ ",
                        "curl --http2 -k https://127.0.0.1:10443/ ",
                        "grpcurl -insecure -d '{\"service\": \"wren\"}' 127.0.0.1:10443 grpc.health.v1.Health/Check ",
                        "https://127.0.0.1:10443/talk ",
                        "/break/wren",
                        "curl http://127.0.0.1:15000/clusters");
    }

    private static HttpResponse<String> get(Upstreams upstreams, int which, String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + upstreams.ports().get(which) + path);
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
