package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import dev.starling.tests.xds.OwnPlane;
import dev.starling.tests.xds.OwnPlane.Answer;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.ExtensionConfigSource;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;
import io.envoyproxy.envoy.extensions.filters.network.direct_response.v3.Config;
import io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Network filters and listener filters whose configuration comes by itself, in the real Envoy and in Starling. */
@Timeout(240)
class DiscoveredFiltersSameAsEnvoyIT {

    private static final String TYPE = OwnPlane.typeUrl(TypedExtensionConfig.getDefaultInstance());
    private static final Pattern TARGET =
            Pattern.compile("\"(init manager Listener-local-init-manager \\S+|(?:shared )?target [^\"]+)");
    private static final String NETWORK = "network_filter.";
    private static final String LISTENER = "tcp_listener_filter.";
    private static final String PROXY_LINE = "PROXY TCP4 1.2.3.4 127.0.0.1 1 2\r\n";

    @TempDir
    Path folder;

    private interface Start {
        ProxyProcess with(String bootstrap) throws IOException;
    }

    private static TypedExtensionConfig named(String name, Message config) {
        return TypedExtensionConfig.newBuilder()
                .setName(name)
                .setTypedConfig(Any.pack(config))
                .build();
    }

    private static Config saying(String text) {
        return Config.newBuilder()
                .setResponse(DataSource.newBuilder().setInlineString(text))
                .build();
    }

    private static ConnectionLimit limit(int connections) {
        return ConnectionLimit.newBuilder()
                .setStatPrefix("limit")
                .setMaxConnections(UInt64Value.of(connections))
                .build();
    }

    private static RouteConfiguration routes(int status) {
        return RouteConfiguration.newBuilder()
                .setName("routes")
                .addVirtualHosts(VirtualHost.newBuilder()
                        .setName("all")
                        .addDomains("*")
                        .addRoutes(Route.newBuilder()
                                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                                .setDirectResponse(
                                        DirectResponseAction.newBuilder().setStatus(status))))
                .build();
    }

    private static HttpConnectionManager.Builder http(HttpFilter... filters) {
        return HttpConnectionManager.newBuilder()
                .setStatPrefix("http")
                .addAllHttpFilters(List.of(filters))
                .addHttpFilters(HttpFilter.newBuilder()
                        .setName("router")
                        .setTypedConfig(Any.pack(Router.getDefaultInstance())));
    }

    private static HttpConnectionManager http(int status) {
        return http().setRouteConfig(routes(status)).build();
    }

    /** With routes and a filter that come by themselves too. */
    private static HttpConnectionManager routedBy(String statPrefix) {
        ConfigSource source = ConfigSource.newBuilder()
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .setResourceApiVersion(ApiVersion.V3)
                .setInitialFetchTimeout(Durations.ZERO)
                .build();
        HttpFilter probe = HttpFilter.newBuilder()
                .setName("probe")
                .setConfigDiscovery(ExtensionConfigSource.newBuilder()
                        .setConfigSource(source)
                        .addTypeUrls(OwnPlane.typeUrl(GrpcWeb.getDefaultInstance())))
                .build();
        return http(probe)
                .setStatPrefix(statPrefix)
                .setRds(Rds.newBuilder().setRouteConfigName("routes").setConfigSource(source))
                .build();
    }

    /** One proxy and its control plane, and what is seen of them. */
    private static final class Story {

        private final OwnPlane plane;
        private final ProxyProcess proxy;
        private final List<String> told = new ArrayList<>();

        Story(OwnPlane plane, ProxyProcess proxy) {
            this.plane = plane;
            this.proxy = proxy;
        }

        private void tell(String what, String seen) {
            told.add(what + ": " + seen);
        }

        /** Until it has been taken by as many. */
        private void awaitReloads(String filter, int count) {
            Awaitility.await(filter)
                    .atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(proxy.get("/stats?filter=" + filter + ".(config_%7Cupdate_)"))
                            .contains(".config_reload: " + count + "\n"));
        }

        private void set(String kind, String name, Message config, int reloads) {
            plane.set(name, named(name, config));
            awaitReloads(kind + name, reloads);
        }

        private void remove(String kind, String name, int reloads) {
            plane.remove(TYPE, name);
            awaitReloads(kind + name, reloads);
        }

        /** What is said to a configuration that is of no use. */
        private void refuse(String name, Message config) {
            answers();
            plane.set(name, named(name, config));
            String why = answers().getLast().error().strip().replaceAll("but expect .*", "but expect others");
            tell(name + " of another type", why.startsWith(name + ": ") ? why.substring(name.length() + 2) : why);
        }

        /** When nothing is left unanswered. */
        private List<Answer> answers() {
            return Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .until(plane::takeAnswers, Optional::isPresent)
                    .orElseThrow();
        }

        private String exchange(String listener, String text) throws IOException {
            try {
                return proxy.exchange(listener, text).replaceAll("(?s)(HTTP/1.1 \\d+).*", "$1");
            } catch (ConnectException _) {
                return "refused";
            } catch (SocketException _) {
                return "";
            }
        }

        /**
         * Envoy counts for each thread too.
         *
         * @param open how many connections there still are; the others may be on their way out
         */
        private void counted(String listener, long open) throws IOException {
            Awaitility.await(listener)
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() ->
                            proxy.stats().getOrDefault("listener." + listener + ".downstream_cx_active", 0L) == open);
            tell(
                    "counted",
                    proxy.get("/stats?filter=listener." + listener
                            + ".(.*missing%7Cdownstream_cx_total%7Cdownstream_cx_destroy%7Cssl.connection_error)"));
        }

        private String talk(String listener, String text) throws IOException {
            try (var connection = new HeldConnection(proxy, listener)) {
                return connection.say(text);
            }
        }

        private String waiting() throws IOException {
            return TARGET.matcher(proxy.get("/init_dump?mask=listener"))
                    .results()
                    .map(found -> found.group(1))
                    .collect(Collectors.toCollection(TreeSet::new))
                    .toString();
        }

        private void waits() {
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(waiting()).contains("init spared", "init last"));
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(proxy.get("/ready")).contains("INITIALIZING"));
        }

        private void warms() throws IOException {
            waits();
            tell("waiting", waiting());
            plane.set("gate", named("gate", limit(1)));
            plane.set("last", named("last", Echo.getDefaultInstance()));
            plane.set("fallback", named("fallback", saying("found")));
            plane.set("look", named("look", ProxyProtocol.getDefaultInstance()));
            plane.set("routed", named("routed", routedBy("first")));
            plane.set("spared", named("spared", ProxyProtocol.getDefaultInstance()));
            List.of("gate", "last", "fallback", "look", "spared", "routed").forEach(plane::tell);
            plane.repeat(TYPE);
            warmsInside();
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(proxy.get("/ready")).isEqualTo("LIVE\n"));
            tell("at once", exchange("at-once", ""));
            tell("fallback", exchange("fallback", ""));
        }

        /** A filter that comes may have more to wait for. */
        private void warmsInside() throws IOException {
            for (String next : List.of("RDS init routes", "init probe")) {
                Awaitility.await()
                        .atMost(30, TimeUnit.SECONDS)
                        .untilAsserted(
                                () -> assertThat(waiting()).contains(next).doesNotContain("init routed"));
            }
            tell("waiting inside", waiting());
            List.of("routes", "probe").forEach(plane::tell);
            plane.set("routes", routes(204));
            plane.set("probe", named("probe", GrpcWeb.getDefaultInstance()));
        }

        private void routed() throws IOException {
            String request = "GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n";
            tell("routed", exchange("routed", request));
            set(NETWORK, "routed", routedBy("other"), 2);
            tell("routed anew", exchange("routed", request));
            remove(NETWORK, "routed", 3);
            tell("not routed", exchange("routed", request));
            counted("routed", 0);
        }

        private void gate() throws IOException {
            try (var first = new HeldConnection(proxy, "gated")) {
                tell("first of one", first.say("abc"));
                tell("second of one", talk("gated", "abc"));
                set(NETWORK, "gate", limit(2), 2);
                tell("first before two", first.say("abc"));
                try (var second = new HeldConnection(proxy, "gated");
                        var third = new HeldConnection(proxy, "gated")) {
                    tell("first of two", second.say("abc"));
                    tell("second of two", third.say("abc"));
                    tell("third of two", talk("gated", "abc"));
                }
                refuse("gate", Echo.getDefaultInstance());
                refuse("gate", saying("hm"));
                remove(NETWORK, "gate", 3);
                tell("first, of old", first.say("abc"));
            }
            tell("without a gate", exchange("gated", ""));
            counted("gated", 0);
        }

        private void terminal() throws IOException {
            try (var echoed = new HeldConnection(proxy, "last")) {
                tell("echo", echoed.say("abc"));
                set(NETWORK, "last", saying("two"), 2);
                tell("echo, of old", echoed.say("def"));
                tell("direct response", exchange("last", ""));
                set(NETWORK, "last", http(201), 3);
                try (var kept = new HeldConnection(proxy, "last")) {
                    String request = "GET / HTTP/1.1\r\nhost: h\r\n\r\n";
                    tell("http", kept.say(request, 20));
                    set(NETWORK, "last", http(202), 4);
                    tell("http, of old", kept.say(request, 200).replaceAll("(?s).*(HTTP/1.1 \\d+).*", "$1"));
                }
                tell("http, of new", exchange("last", "GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n"));
                refuse("last", limit(1));
                refuse("last", ProxyProtocol.getDefaultInstance());
                remove(NETWORK, "last", 5);
                tell("echo, of older", echoed.say("ghi"));
                tell("without a last", exchange("last", ""));
                tell("with a hello", exchange("last", "hello"));
                tell("secured without a last", exchange("secured", ""));
                tell("secured with a hello", exchange("secured", "hello"));
                counted("last", 1);
                counted("secured", 0);
                set(NETWORK, "last", Echo.getDefaultInstance(), 6);
                tell("echo again", talk("last", "abc"));
            }
            remove(NETWORK, "fallback", 2);
            tell("its default", exchange("fallback", ""));
        }

        private void listenerFilter() throws IOException {
            tell("with a proxy's line", talk("inspected", "abc"));
            try (var connection = new HeldConnection(proxy, "inspected")) {
                tell("with a proxy's line", connection.say(PROXY_LINE + "abc", 3));
                set(LISTENER, "look", HttpInspector.getDefaultInstance(), 2);
                tell("of old", connection.say("def"));
            }
            tell("with an inspector", talk("inspected", "GET / HTTP/1.1\r\n\r\n"));
            refuse("look", Echo.getDefaultInstance());
            remove(LISTENER, "look", 3);
            tell("without", exchange("inspected", ""));
            counted("inspected", 0);
            tell("disabled", talk("spared", "abc"));
            remove(LISTENER, "spared", 2);
            tell("disabled and without", exchange("spared", ""));
            counted("spared", 0);
        }

        private void counts() throws IOException {
            // Envoy counts what it refuses at all filters of the stream.
            tell(
                    "statistics",
                    proxy.get("/stats?filter=extension_config_discovery.*(config_%7Cupdate_rejected)")
                            .replaceAll("(config_fail|update_rejected): \\d+", "$1"));
            set(LISTENER, "look", ProxyProtocol.getDefaultInstance(), 4);
            tell("dumps", dumps());
            for (String listener : List.of("gated", "last", "secured", "inspected", "spared")) {
                String lines = proxy.awaitLines(listener + ".txt", listener.equals("last") ? 6 : 1);
                tell(listener, lines.lines().sorted().toList().toString());
            }
        }

        /** Each kind by itself; their order within is nobody's. */
        private String dumps() throws IOException {
            return AdminJson.read(proxy.get("/config_dump"))
                    .getFieldsOrThrow("configs")
                    .getListValue()
                    .getValuesList()
                    .stream()
                    .map(Value::getStructValue)
                    .filter(dump ->
                            dump.getFieldsOrThrow("@type").getStringValue().endsWith("EcdsConfigDump"))
                    .filter(dump -> dump.containsFields("ecds_filters")) // Envoy shows a kind that was used once
                    .map(dump -> dump.getFieldsOrThrow("ecds_filters").getListValue().getValuesList().stream()
                            .map(Value::getStructValue)
                            .sorted(Comparator.comparing(Struct::toString))
                            .map(filter -> TextFormat.printer().printToString(filter))
                            .map(filter -> filter.replaceAll("\"\\d{4}-\\d\\d-\\d\\dT[^\"]*\"", "a time"))
                            .toList()
                            .toString())
                    .toList()
                    .toString();
        }
    }

    private List<String> story(Start start, Path files) throws IOException {
        try (OwnPlane plane = OwnPlane.start()) {
            for (String kept :
                    List.of("gate", "last", "fallback", "look", "spared", "routed", "routes", "probe", "never")) {
                plane.keep(kept);
            }
            String bootstrap = BothProxies.resource("ecds-connections-bootstrap.yaml")
                    .replace("{plane}", Integer.toString(plane.port()))
                    .replace("{files}", files.toString());
            try (ProxyProcess proxy = start.with(bootstrap)) {
                Story story = new Story(plane, proxy);
                story.warms();
                story.routed();
                story.gate();
                story.terminal();
                story.listenerFilter();
                story.counts();
                return story.told;
            }
        }
    }

    @Test
    void waitsForFollowsRefusesAndDoesWithoutTheSame() throws IOException {
        Path envoy = EnvoyBinary.require(getClass());
        Path files = folder.resolve("files");
        TlsFiles.in(files);
        List<String> theirs =
                story(bootstrap -> ProxyProcess.waitingEnvoy(envoy, folder.resolve("envoy"), bootstrap), files);
        List<String> ours =
                story(bootstrap -> ProxyProcess.waitingStarling(folder.resolve("starling"), bootstrap), files);

        assertThat(ours).isEqualTo(theirs);
        assertThat(theirs)
                .contains("third of two:  closed", "echo, of older: ghi", "its default: default", "disabled: abc");
    }
}
