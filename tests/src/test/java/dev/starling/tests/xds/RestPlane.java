package dev.starling.tests.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.JsonFormat.TypeRegistry;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers what it is told to by the last word of the path, and remembers what it was asked. */
public final class RestPlane implements AutoCloseable {

    private static final String SOURCE = "{resource_api_version: V3, api_config_source: {api_type: REST, "
            + "transport_api_version: V3, cluster_names: [plane], refresh_delay: 0.1s}}";

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private int version;

    private record Answer(int status, String body) {}

    public RestPlane() throws IOException {
        server = HttpServer.create(Plane.loopback(0), 0);
        server.createContext("/v3/", this::answer);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** A bootstrap that has everything from it. */
    public static String bootstrap(int port) {
        return "node: {id: test-id, cluster: test-cluster}\n"
                + "dynamic_resources:\n  cds_config: " + SOURCE + "\n  lds_config: " + SOURCE + "\n"
                + "static_resources:\n  clusters:\n"
                + "  - {name: plane, connect_timeout: 1s, load_assignment: {cluster_name: plane, endpoints: "
                + "[{lb_endpoints: [{endpoint: {address: " + Proxy.endpoint(port) + "}}]}]}}\n";
    }

    /** One listener that leads to this upstream. */
    public void serve(int upstreamPort) {
        version++;
        Snapshots snapshots = Snapshots.polled(ApiConfigSource.newBuilder()
                .addClusterNames("plane")
                .setRefreshDelay(com.google.protobuf.Duration.newBuilder().setNanos(100_000_000)));
        answer("clusters", snapshots.cluster("upstream"));
        answer("endpoints", Snapshots.endpoints("upstream", upstreamPort));
        answer("listeners", snapshots.listener("in", 0, "routes"));
        answer("routes", Snapshots.routes("routes", "upstream"));
    }

    private void answer(String type, Message resource) {
        var registry = TypeRegistry.newBuilder()
                .add(List.of(
                        resource.getDescriptorForType(), HttpConnectionManager.getDescriptor(), Router.getDescriptor()))
                .build();
        try {
            answer(
                    type,
                    200,
                    JsonFormat.printer()
                            .usingTypeRegistry(registry)
                            .print(DiscoveryResponse.newBuilder()
                                    .setVersionInfo(Integer.toString(version))
                                    .addResources(com.google.protobuf.Any.pack(resource))));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    public void answer(String type, int status, String body) {
        answers.put(type, new Answer(status, body));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = new TreeMap<String, String>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join(",", values)));
        headers.remove("Content-length"); // who asks says so of himself at length, or does not
        var request = DiscoveryRequest.newBuilder();
        JsonFormat.parser().ignoringUnknownFields().merge(body, request);
        String path = exchange.getRequestURI().getPath();
        asked.add(exchange.getRequestMethod() + " " + path + " " + headers + " " + request.getVersionInfo() + " "
                + request.getResourceNamesList() + " " + request.getTypeUrl() + " "
                + request.getNode().getId() + " " + body.contains("\"type_url\":"));
        Answer answer = answers.getOrDefault(path.substring(path.indexOf(':') + 1), new Answer(404, ""));
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Each different question in the order in which it was first asked. */
    public List<String> asked() {
        return asked.stream().distinct().toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
