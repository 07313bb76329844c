package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import dev.starling.tests.xds.OwnPlane;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CustomClusterType;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.clusters.aggregate.v3.ClusterConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregates of clusters: the real Envoy and Starling choose, count, log and show the same. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AggregateClustersSameAsEnvoyIT {

    private static final String CLUSTERS = OwnPlane.typeUrl(Cluster.getDefaultInstance());
    private static final int REQUESTS = 400;

    /** Of a share that is drawn so often: four standard deviations. */
    private static final int TOLERANCE = 10;

    /** What is counted no matter how connections are used. */
    private static final Pattern COUNTED =
            Pattern.compile("cluster\\.(plain|solid|empty|dead|buried|closed|full|tight|unhurried"
                    + "|hurried|brief|refused|deaf|judged|flaky)\\..*(upstream_rq_(\\d|total|timeout|completed|max_dur|pending)|none_healthy"
                    + "|_overflow|attempts_exceeded|connect_fail|cx_total|ejections_total|panic|membership_).*");

    private final List<NamedUpstream> upstreams = new ArrayList<>();
    private OwnPlane plane;
    private BothProxies proxies;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        Path envoy = EnvoyBinary.require(getClass());
        for (String name : List.of("a", "b", "c", "d", "e")) {
            upstreams.add(new NamedUpstream(name));
        }
        plane = OwnPlane.start();
        Map<String, Object> ports = new HashMap<>(Map.of("plane", plane.port(), "a", port("a"), "b", port("b")));
        ports.put("c", port("c"));
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ports.put("nobody", nobody.getLocalPort());
        }
        endpoints("first", "a");
        endpoints("second", "b");
        proxies = BothProxies.start(envoy, folder, "aggregate-bootstrap.yaml", ports);
    }

    @AfterAll
    void stop() throws IOException {
        if (proxies != null) {
            proxies.close();
            plane.close();
        }
        for (NamedUpstream upstream : upstreams) {
            upstream.close();
        }
    }

    private NamedUpstream upstream(String name) {
        return upstreams.get(name.charAt(0) - 'a');
    }

    private int port(String name) {
        return upstream(name).port();
    }

    // ---- what the control plane says ------------------------------------------------------------------------------

    private LbEndpoint endpoint(String member) {
        HealthStatus health = member.endsWith("!")
                ? HealthStatus.UNHEALTHY
                : member.endsWith("?") ? HealthStatus.DEGRADED : HealthStatus.HEALTHY;
        return LbEndpoint.newBuilder()
                .setHealthStatus(health)
                .setEndpoint(Endpoint.newBuilder()
                        .setAddress(Address.newBuilder()
                                .setSocketAddress(SocketAddress.newBuilder()
                                        .setAddress("127.0.0.1")
                                        .setPortValue(port(member)))))
                .build();
    }

    /** @param text the priorities, apart by {@code /}; in each the endpoints, which {@code !} is not well and {@code ?} degraded */
    private ClusterLoadAssignment assignment(String cluster, String text) {
        ClusterLoadAssignment.Builder assignment =
                ClusterLoadAssignment.newBuilder().setClusterName(cluster);
        String[] priorities = text.split("/", -1);
        for (int p = 0; p < priorities.length; p++) {
            LocalityLbEndpoints.Builder members =
                    LocalityLbEndpoints.newBuilder().setPriority(p);
            Stream.of(priorities[p].split(" "))
                    .filter(member -> !member.isEmpty())
                    .forEach(member -> members.addLbEndpoints(endpoint(member)));
            assignment.addEndpoints(members);
        }
        return assignment.build();
    }

    private void endpoints(String cluster, String text) {
        plane.set(cluster, assignment(cluster, text));
    }

    private Cluster cluster(String name, String endpoint) {
        return Cluster.newBuilder()
                .setName(name)
                .setConnectTimeout(Duration.newBuilder().setSeconds(1))
                .setLoadAssignment(assignment(name, endpoint))
                .build();
    }

    private static Cluster aggregate(String name, String... clusters) {
        return Cluster.newBuilder()
                .setName(name)
                .setConnectTimeout(Duration.newBuilder().setSeconds(1))
                .setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED)
                .setClusterType(CustomClusterType.newBuilder()
                        .setName("envoy.clusters.aggregate")
                        .setTypedConfig(Any.pack(ClusterConfig.newBuilder()
                                .addAllClusters(List.of(clusters))
                                .build())))
                .build();
    }

    // ---- what is asked --------------------------------------------------------------------------------------------

    private static String answer(ProxyProcess proxy, String cluster, String path) throws IOException {
        return proxy.exchange(
                "http",
                "GET " + path + " HTTP/1.1\r\nhost: h\r\nx-cluster: " + cluster + "\r\nconnection: close\r\n\r\n");
    }

    /** Who answers; or the status. */
    private static String who(ProxyProcess proxy, String cluster) throws IOException {
        String answer = answer(proxy, cluster, "/");
        return answer.startsWith("HTTP/1.1 200 ")
                ? answer.substring(answer.indexOf("\r\n\r\n") + 4)
                : answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3);
    }

    /** How many percent each upstream answers. */
    private static Map<String, Integer> shares(ProxyProcess proxy, String cluster) throws IOException {
        Map<String, Integer> shares = new TreeMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            shares.merge(who(proxy, cluster), 1, Integer::sum);
        }
        shares.replaceAll((_, count) -> count * 100 / REQUESTS);
        return shares;
    }

    private static boolean near(Map<String, Integer> shares, Map<String, Integer> expected) {
        return shares.keySet().equals(expected.keySet())
                && shares.entrySet().stream()
                        .allMatch(
                                share -> Math.abs(share.getValue() - expected.getOrDefault(share.getKey(), -TOLERANCE))
                                        <= TOLERANCE);
    }

    private void awaitBoth(String cluster, String answers) {
        Awaitility.await(cluster + " is answered by " + answers)
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> who(proxies.envoy(), cluster).equals(answers)
                        && who(proxies.starling(), cluster).equals(answers));
    }

    // ---- tests ----------------------------------------------------------------------------------------------------

    /** Shares follow from 140 % overprovisioning; two draws of Envoy's were 71 and 68 where it says 70 here. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    family | a       | b       | a=100
                    family | a!      | b       | b=100
                    family | a c!    | b       | a=70 b=30
                    family | a! c! d | b       | b=54 a=15 c=15 d=15
                    family | a!/c d! | b       | c=70 b=30
                    family | /c d!   | b       | c=70 b=30
                    family |         | b       | b=100
                    family | a! c?   | b       | b=100
                    family | a! c?   | b! d?   | c=70 d=30
                    family | a! c?   | b d!    | b=70 c=30
                    family | a! c!   | b! d! e | a=20 c=20 b=20 d=20 e=20
                    calm   | a! c!   | b! d! e | b=33 d=33 e=33
                    family | a!      | b!      | a=50 b=50
                    twice  | a c!    | b       | a=100
                    """)
    void sharesRequestsAsTheHealthOfAllPrioritiesInARowHasIt(
            String cluster, String first, String second, String expected) {
        endpoints("first", first == null ? "" : first);
        endpoints("second", second == null ? "" : second);

        Map<String, Integer> shares = Stream.of(expected.split(" "))
                .map(share -> share.split("="))
                .collect(Collectors.toMap(share -> share[0], share -> Integer.valueOf(share[1])));
        for (ProxyProcess proxy : List.of(proxies.envoy(), proxies.starling())) {
            Awaitility.await((proxy == proxies.envoy() ? "Envoy " : "Starling ") + expected)
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> shares(proxy, cluster), has -> near(has, shares));
        }
    }

    @Test
    void answersThatThereIsNobodyWhereNoClusterHasEndpoints() {
        endpoints("first", "");
        endpoints("second", "");

        awaitBoth("family", "503");
    }

    @Test
    void failsOverAndBackAsHealthChecksSay() {
        awaitBoth("checked", "a");

        upstream("a").well(false);
        awaitBoth("checked", "b");

        upstream("a").well(true);
        awaitBoth("checked", "a");
    }

    @Test
    void followsClustersThatComeChangeAndGo() {
        awaitBoth("waiting", "b");

        plane.set("late", cluster("late", "c"));
        awaitBoth("waiting", "c");
        plane.set("late", cluster("late", "d"));
        awaitBoth("waiting", "d");
        plane.remove(CLUSTERS, "late");
        awaitBoth("waiting", "b");

        plane.set("moving", aggregate("moving", "solid"));
        awaitBoth("moving", "b");
        plane.set("moving", aggregate("moving", "watched", "solid"));
        awaitBoth("moving", "a");
        plane.set("moving", cluster("moving", "e"));
        awaitBoth("moving", "e");
        plane.set("moving", aggregate("moving", "nobody"));
        awaitBoth("moving", "503");
        plane.remove(CLUSTERS, "moving");
    }

    /** Who keeps the limits, judges, and counts: mostly the chosen cluster, and the aggregate what the client gets. */
    @ParameterizedTest
    @CsvSource({
        "plain, /",
        "plain, /impatient",
        "plain, /broken",
        "empty, /",
        "dead, /",
        "closed, /",
        "full, /",
        "unhurried, /",
        "hurried, /slow",
        "refused, /"
    })
    void repliesLogsAndCountsTheSame(String cluster, String path) throws IOException {
        proxies.assertAlike(proxy -> observed(proxy, 1, () -> firstLine(answer(proxy, cluster, path))));
    }

    @Test
    void ejectsEndpointsOfTheChosenCluster() throws IOException {
        assertThat(ejected(proxies.starling())).isEqualTo(ejected(proxies.envoy()));
    }

    private static String ejected(ProxyProcess proxy) throws IOException {
        return observed(proxy, 2, () -> {
            String failed = firstLine(answer(proxy, "judged", "/broken"));
            Awaitility.await("ejection")
                    .until(() -> proxy.get("/clusters").contains("::health_flags::/failed_outlier_check"));
            return failed + ", then " + who(proxy, "judged");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp-empty", "tcp-closed", "tcp-full", "tcp-refused"})
    void closesLogsAndCountsConnectionsTheSame(String listener) throws IOException {
        proxies.assertAlike(proxy -> observed(proxy, 1, () -> ended(proxy, listener)));
    }

    @Test
    void passesConnectionsToTheChosenCluster() {
        endpoints("first", "a");
        endpoints("second", "b");
        awaitTcp("a");

        endpoints("first", "a!");
        awaitTcp("b");

        endpoints("first", "a");
        awaitTcp("a");
    }

    private void awaitTcp(String upstream) {
        for (ProxyProcess proxy : List.of(proxies.envoy(), proxies.starling())) {
            Awaitility.await("connected to " + upstream)
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> ended(proxy, "tcp").endsWith("\r\n\r\n" + upstream));
        }
    }

    /** What comes until the end, which a reset is too. */
    private static String ended(ProxyProcess proxy, String listener) throws IOException {
        try {
            return proxy.exchange(listener, "GET / HTTP/1.0\r\n\r\n");
        } catch (java.net.SocketException reset) {
            return "";
        }
    }

    @Test
    void showsAggregatesTheSame() throws IOException {
        proxies.assertAlike(proxy -> proxy.get("/clusters")
                .lines()
                .filter(line -> line.startsWith("plain::"))
                .sorted()
                .collect(Collectors.joining("\n")));
        proxies.assertAlike(proxy -> proxy.get("/config_dump?resource=static_clusters&name_regex=plain")
                .replaceAll("\"last_updated\": \"[^\"]*\"", "")
                .replaceAll("\\s+", ""));
    }

    /** Envoy has no endpoints for what is inside, and passes it over. */
    @Test
    void goesIntoAggregatesInsideOfAggregatesAsEnvoyDoesNot() throws IOException {
        plane.set("inner", aggregate("inner", "nobody", "deep"));
        plane.set("outer", aggregate("outer", "inner", "solid"));
        plane.set("deep", cluster("deep", "e"));

        Awaitility.await("the innermost").until(() -> who(proxies.starling(), "nested"), "e"::equals);
        assertThat(who(proxies.envoy(), "nested")).isEqualTo("b");
        awaitBoth("inner", "e");

        plane.remove(CLUSTERS, "inner");
        awaitBoth("nested", "b");
        plane.remove(CLUSTERS, "outer");
        plane.remove(CLUSTERS, "deep");
    }

    /** Envoy takes them, and finds nothing in them. */
    @Test
    void refusesCyclesAsEnvoyDoesNotAndTakesTheRest() {
        plane.set("one", aggregate("one", "two", "solid"));
        awaitBoth("one", "b");

        assertThat(verdicts(Map.of("two", aggregate("two", "one"), "good", cluster("good", "c"))))
                .isEqualTo(
                        "Envoy: , Starling: Error adding/updating cluster(s) two: cluster_type.typed_config.clusters[0]:"
                                + " aggregate cluster contains itself: two -> one -> two");
        awaitBoth("good", "c");
        awaitBoth("one", "b");
        assertThat(verdicts(Map.of("two", cluster("two", "d")))).isEqualTo("Envoy: , Starling: ");
        awaitBoth("one", "d");

        // Each is well by itself, in the order in which they come they are not, and at last they are again.
        Map<String, Message> swapped = new LinkedHashMap<>();
        swapped.put("two", aggregate("two", "one"));
        swapped.put("one", aggregate("one", "solid"));
        assertThat(verdicts(swapped)).isEqualTo("Envoy: , Starling: ");
        awaitBoth("one", "b");

        assertThat(verdicts(Map.of("self", aggregate("self", "solid", "self"))))
                .endsWith(
                        "self: cluster_type.typed_config.clusters[1]: aggregate cluster contains itself: self -> self");
        Set.of("one", "two", "good", "self").forEach(name -> plane.remove(CLUSTERS, name));
    }

    /** What both say to the clusters, sent at once. */
    private String verdicts(Map<String, ? extends Message> clusters) {
        Awaitility.await().until(() -> plane.takeAnswers().isPresent());
        Map<String, Any> packed = new LinkedHashMap<>();
        clusters.forEach((name, message) -> packed.put(name, Any.pack(message)));
        plane.change(CLUSTERS, packed, Set.of());
        List<OwnPlane.Answer> answers = Awaitility.await()
                .until(plane::takeAnswers, java.util.Optional::isPresent)
                .orElseThrow();
        return "Envoy: " + said(answers, "/envoy") + ", Starling: " + said(answers, "/starling");
    }

    private static String said(List<OwnPlane.Answer> answers, String node) {
        return answers.stream()
                .filter(answer ->
                        answer.typeUrl().equals(CLUSTERS) && answer.node().endsWith(node))
                .map(OwnPlane.Answer::error)
                .collect(Collectors.joining());
    }

    // ---- what is seen of an exchange ------------------------------------------------------------------------------

    private interface Exchange {
        String run() throws IOException;
    }

    /** Its outcome, the lines of the access log, and what was counted. */
    private static String observed(ProxyProcess proxy, int lines, Exchange exchange) throws IOException {
        Map<String, Long> before = proxy.stats();
        int logged = proxy.lines("access.log").size();
        String outcome = exchange.run();
        proxy.awaitLines("access.log", logged + lines);
        return outcome + "\n" + String.join("\n", proxy.lines("access.log").subList(logged, logged + lines)) + "\n"
                + StatChanges.between(
                        before, proxy.stats(), name -> COUNTED.matcher(name).matches());
    }

    private static String firstLine(String answer) {
        return answer.lines().findFirst().orElse("nothing");
    }
}
