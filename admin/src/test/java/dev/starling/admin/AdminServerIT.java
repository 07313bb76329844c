package dev.starling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import dev.starling.config.Address;
import dev.starling.config.bootstrap.Admin;
import dev.starling.lb.Endpoint;
import dev.starling.lb.HealthFlag;
import dev.starling.runtime.ServerState.Phase;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.stats.Histogram;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminServerIT {

    private AdminFixture admin;

    @BeforeEach
    void start() throws Exception {
        admin = AdminFixture.ofBootstrap();
    }

    @AfterEach
    void stop() throws Exception {
        admin.close();
    }

    @Test
    void isReadyOnlyWhileLive() throws Exception {
        admin.state.advance(Phase.INITIALIZING);
        assertThat(admin.get("/ready"))
                .returns(503, HttpResponse::statusCode)
                .returns("INITIALIZING\n", HttpResponse::body);
        assertThat(admin.get("/health/ready").statusCode()).isEqualTo(500);

        admin.state.advance(Phase.LIVE);
        assertThat(admin.get("/ready")).returns(200, HttpResponse::statusCode).returns("LIVE\n", HttpResponse::body);
        assertThat(admin.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(admin.get("/health/alive").statusCode()).isEqualTo(200);
    }

    @Test
    void sendsTheHeadersThatEnvoyDoes() throws Exception {
        var headers = admin.get("/stats").headers();

        assertThat(headers.firstValue("cache-control")).hasValue("no-cache, max-age=0");
        assertThat(headers.firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(headers.firstValue("server")).hasValue("envoy");
        assertThat(headers.firstValue("transfer-encoding")).hasValue("chunked");
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        assertThat(admin.send("HEAD", "/clusters"))
                .returns(200, HttpResponse::statusCode)
                .returns("", HttpResponse::body);
    }

    @Test
    void showsWhatBecameOfEndpoints() throws Exception {
        ClusterSnapshot shop =
                Objects.requireNonNull(admin.clusters.slot("shop").current());
        Endpoint endpoint = shop.endpoints().byAddress("[::1]:9").orElseThrow();
        endpoint.state().requestStarted();
        endpoint.state().requestsFailed().add(4);
        endpoint.state().set(HealthFlag.FAILED_OUTLIER_CHECK);
        endpoint.state().set(HealthFlag.DEGRADED_ACTIVE_HC);

        assertThat(admin.get("/clusters").body())
                .contains("shop::[::1]:9::rq_active::1\n")
                .contains("shop::[::1]:9::rq_error::4\n")
                .contains("shop::[::1]:9::health_flags::/failed_outlier_check/degraded_active_hc\n");
        JsonNode host = json("/clusters?format=json").at("/cluster_statuses/0/host_statuses/0");
        assertThat(host.get("stats").toString()).contains("{\"value\":\"4\",\"name\":\"rq_error\"}");
        assertThat(host.get("health_status").toString())
                .isEqualTo(
                        "{\"failed_outlier_check\":true,\"eds_health_status\":\"HEALTHY\",\"failed_active_degraded_check\":true}");
    }

    @Test
    void saysWhatTheServerIs() throws Exception {
        JsonNode info = json("/server_info");

        assertThat(info.get("version").asText().split("/", -1)).hasSize(5);
        assertThat(info.get("state").asText()).isEqualTo("LIVE");
        assertThat(info.get("uptime_current_epoch").asText()).isEqualTo("75s");
        assertThat(info.get("hot_restart_version").asText()).isEqualTo("disabled");
        assertThat(info.at("/command_line_options/concurrency").asInt()).isEqualTo(2);
        assertThat(info.at("/command_line_options/drain_time").asText()).isEqualTo("600s");
        assertThat(info.at("/node/id").asText()).isEqualTo("n1");
        assertThat(info.at("/node/metadata/a").asInt()).isEqualTo(1);
        assertThat(info.at("/node/locality/zone").asText()).isEqualTo("z1");
    }

    @Test
    void tellsMemoryAsNumbersInStrings() throws Exception {
        JsonNode memory = json("/memory");

        assertThat(memory.properties())
                .extracting(Map.Entry::getKey)
                .containsExactly(
                        "allocated",
                        "heap_size",
                        "pageheap_unmapped",
                        "pageheap_free",
                        "total_thread_cache",
                        "total_physical_bytes");
        assertThat(Long.parseLong(memory.get("allocated").asText()))
                .isBetween(1L, Long.parseLong(memory.get("heap_size").asText()));
        assertThat(memory.get("total_physical_bytes").isTextual()).isTrue();
    }

    @Test
    void saysWhatInitialisationWaitsFor() throws Exception {
        admin.unready.add(new InitManager("cluster", "cluster", List.of("target cluster shop")));
        admin.unready.add(new InitManager("listener", "listener", List.of("target listener web")));
        String cluster = "{\"name\":\"init manager cluster\",\"target_names\":[\"target cluster shop\"]}";
        String listener = "{\"name\":\"init manager listener\",\"target_names\":[\"target listener web\"]}";

        assertThat(json("/init_dump").toString())
                .isEqualTo("{\"unready_targets_dumps\":[" + cluster + "," + listener + "]}");
        assertThat(json("/init_dump?mask=listener").toString())
                .isEqualTo("{\"unready_targets_dumps\":[" + listener + "]}");
        assertThat(json("/init_dump?mask=nope").toString()).isEqualTo("{}");
    }

    @Test
    void showsStatsInEveryFormat() throws Exception {
        admin.stats.scope("http.web.").counter("downstream_rq_total").inc();
        Histogram time = admin.stats.scope("cluster.shop.").histogram("upstream_rq_time", Histogram.Unit.MILLISECONDS);
        time.record(admin.stats.stripe(0), 12);
        admin.stats.mergeHistograms();

        assertThat(admin.get("/stats?filter=web").body()).isEqualTo("http.web.downstream_rq_total: 1\n");
        assertThat(admin.get("/stats?usedonly&type=Histograms").body())
                .startsWith("cluster.shop.upstream_rq_time: P0(");
        assertThat(json("/stats?format=json&filter=web").toString())
                .isEqualTo("{\"stats\":[{\"name\":\"http.web.downstream_rq_total\",\"value\":1}]}");
        assertThat(admin.get("/stats/prometheus?filter=web").body())
                .isEqualTo(admin.get("/stats?format=prometheus&filter=web").body())
                .startsWith("# TYPE envoy_http_downstream_rq_total counter\n");
        assertThat(admin.get("/stats/prometheus").headers().firstValue("content-type"))
                .hasValue("text/plain; charset=UTF-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/drain_listeners",
                "/healthcheck/fail",
                "/healthcheck/ok",
                "/logging?level=off",
                "/quitquitquit",
                "/reopen_logs",
                "/reset_counters"
            })
    void changesNothingByAnotherMethod(String mutation) throws Exception {
        for (String method : List.of("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")) {
            assertThat(admin.send(method, mutation).statusCode()).as(method).isEqualTo(405);
        }
        assertThat(admin.actions).isEmpty();
        assertThat(admin.get("/ready").statusCode()).isEqualTo(200);
        assertThat(admin.levels.current).doesNotContainValue("off");
    }

    @Test
    void doesWhatItIsToldByPostOnly() throws Exception {
        var counter = admin.stats.scope("x.").counter("y");
        counter.inc();

        assertThat(admin.get("/reset_counters").statusCode()).isEqualTo(405);
        assertThat(counter.value()).isEqualTo(1);
        assertThat(admin.post("/reset_counters").body()).isEqualTo("OK\n");
        assertThat(counter.value()).isZero();

        assertThat(admin.get("/quitquitquit").statusCode()).isEqualTo(405);
        admin.post("/drain_listeners?inboundonly&graceful");
        admin.post("/drain_listeners?skip_exit=0");
        admin.post("/reopen_logs");
        admin.post("/quitquitquit");
        assertThat(admin.actions)
                .containsExactly(
                        new AdminActions.Drain(true, true, false),
                        new AdminActions.Drain(false, false, true),
                        "reopen",
                        "quit");
    }

    @Test
    void changesLogLevels() throws Exception {
        assertThat(admin.post("/logging?http=debug").body())
                .isEqualTo("active loggers:\n  http: debug\n  pool: info\n  router: info\n\n");
        admin.post("/logging?paths=pool:trace,router:warn");
        assertThat(admin.levels.current).isEqualTo(Map.of("http", "debug", "pool", "trace", "router", "warning"));

        assertThat(admin.post("/logging?paths=pool:off,nobody:trace").statusCode())
                .isEqualTo(400);
        assertThat(admin.levels.current).containsEntry("pool", "trace");

        admin.post("/logging?level=error");
        assertThat(admin.levels.current.values()).containsOnly("error");
    }

    @Test
    void takesParametersFromAFormWhereTheTargetHasNone() throws Exception {
        assertThat(admin.postForm("/logging", "level=debug").statusCode()).isEqualTo(200);
        assertThat(admin.levels.current.values()).containsOnly("debug");

        assertThat(admin.postForm("/logging?http=error", "level=trace").statusCode())
                .isEqualTo(200);
        assertThat(admin.levels.current).isEqualTo(Map.of("http", "error", "pool", "debug", "router", "debug"));
    }

    /** Any of these would fill the heap or the stack of the proxy. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a%7B1,1000%7D)%7B1,1000%7D",
                "((((((((a%7B10%7D)%7B10%7D)%7B10%7D)%7B10%7D)%7B10%7D)%7B10%7D)%7B10%7D)%7B10%7D)%7B10%7D"
            })
    void refusesExpressionsThatExpandWithoutBound(String expression) throws Exception {
        for (String page : List.of("/stats?filter=", "/stats/prometheus?filter=", "/clusters?filter=")) {
            assertThat(admin.get(page + expression))
                    .returns(400, HttpResponse::statusCode)
                    .extracting(HttpResponse::body)
                    .asString()
                    .startsWith("Invalid re2 regex");
        }
        assertThat(admin.get("/config_dump?name_regex=" + expression)).returns(400, HttpResponse::statusCode);
    }

    @Test
    void listsItsCommands() throws Exception {
        assertThat(admin.get("/help").body())
                .startsWith("admin commands are:\n  /: Admin home page\n  /actors: ")
                .contains("  /clusters: upstream cluster status\n      filter: Regular expression (Google re2)")
                .contains("  /quitquitquit (POST): exit the server\n");
        assertThat(admin.get("/nope").body())
                .isEqualTo("invalid path. " + admin.get("/help").body());
    }

    @Test
    void servesThePageForPeople() throws Exception {
        HttpResponse<String> page = admin.get("/");

        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=UTF-8");
        assertThat(page.body()).contains("<title>Starling</title>").doesNotContain("http://", "https://");
    }

    @Test
    void bridgesToKamonOnlyWhenAsked() throws Exception {
        assertThat(admin.get("/stats/kamon").statusCode()).isEqualTo(404);
        assertThat(admin.get("/help").body()).doesNotContain("kamon");

        ActorTree none = _ -> CompletableFuture.completedStage(Optional.empty());
        var bridged = new AdminContext.Bridges(true);
        try (AdminFixture other = new AdminFixture(AdminFixture.resource("bootstrap.yaml"), none, bridged)) {
            other.stats.scope("http.web.").counter("downstream_rq_total").inc();

            assertThat(other.get("/stats/kamon?usedonly").body())
                    .contains("http_downstream_rq_total{envoy_http_conn_manager_prefix=\"web\"} 1.0\n");
            assertThat(other.get("/stats/kamon?filter=(").statusCode()).isEqualTo(400);
            assertThat(other.get("/stats/prometheus?usedonly").body()).contains("envoy_http_downstream_rq_total");
        }
    }

    @Test
    void takesParametersWithoutValueAsAbsent() throws Exception {
        admin.stats.scope("x.").counter("y");
        for (String query :
                List.of("format=", "type=", "histogram_buckets", "filter", "hidden=", "hidden=include", "unknown=1")) {
            assertThat(admin.get("/stats?" + query).body()).as(query).contains("x.y: 0\n");
        }
        assertThat(admin.get("/stats?hidden=only").body()).isEmpty();
        assertThat(admin.get("/config_dump?resource=&mask=&name_regex=").statusCode())
                .isEqualTo(200);
    }

    @Test
    void failsWhereTheAddressIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var settings = new Admin(Address.Socket.of("127.0.0.1", taken.getLocalPort()), List.of());

            assertThat(AdminServer.start(settings, admin.context).toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .havingRootCause()
                    .withMessageContaining("Address already in use");
            assertThat(admin.get("/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void runsOnTheAdminDispatcherAlone() throws Exception {
        AtomicReference<String> thread = new AtomicReference<>("");
        ActorTree tree = _ -> {
            thread.set(Thread.currentThread().getName());
            return CompletableFuture.completedStage(Optional.of("seen"));
        };
        try (AdminFixture other = new AdminFixture(AdminFixture.resource("bootstrap.yaml"), tree)) {
            assertThat(other.get("/actors").body()).isEqualTo("\"seen\"\n");
            other.get("/stats");

            assertThat(thread.get()).startsWith("starling-admin-pekko.actor.default-dispatcher-");
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .filteredOn(name -> name.startsWith("starling-admin-"))
                    .allMatch(name -> name.matches(
                            "starling-admin-(pekko\\.(actor\\.default|io\\.pinned)-dispatcher|scheduler)-[0-9]+"));
        }
    }

    @Test
    void answersWhileTheDefaultDispatcherIsBlocked() throws Exception {
        ActorTestKit proxy = ActorTestKit.create();
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean free = new AtomicBoolean();
        ActorRef<ActorInspectorTest.Leaf.Command> actor = proxy.spawn(ActorInspectorTest.Leaf.named("busy"), "busy");
        ActorTree tree = ActorInspector.of(
                actor, ActorInspectorTest.Leaf.Command.class, proxy.scheduler(), ActorInspector.Settings.DEFAULT);
        try (AdminFixture blind = new AdminFixture(AdminFixture.resource("bootstrap.yaml"), tree)) {
            ActorSystem system = proxy.system().classicSystem();
            int threads =
                    threads(system.settings().config().getConfig("pekko.actor.default-dispatcher.fork-join-executor"));
            CountDownLatch blocked = new CountDownLatch(threads);
            for (int i = 0; i < threads; i++) {
                system.dispatcher().execute(() -> {
                    blocked.countDown();
                    awaitQuietly(release);
                });
            }
            assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
            system.dispatcher().execute(() -> free.set(true));

            for (String page :
                    List.of("/ready", "/stats", "/stats/prometheus", "/clusters", "/listeners", "/config_dump")) {
                assertThat(blind.get(page).statusCode()).as(page).isEqualTo(200);
            }
            assertThat(blind.get("/actors").body()).contains("\"unanswered_after\": \"PT1S\"");
            assertThat(free).isFalse();
        } finally {
            release.countDown();
            proxy.shutdownTestKit();
        }
    }

    /** As many as the executor may have. */
    private static int threads(Config pool) {
        int wanted = (int) Math.ceil(Runtime.getRuntime().availableProcessors() * pool.getDouble("parallelism-factor"));
        return Math.clamp(wanted, pool.getInt("parallelism-min"), pool.getInt("parallelism-max"));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode json(String target) throws Exception {
        HttpResponse<String> answer = admin.get(target);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        return new ObjectMapper().readTree(answer.body());
    }
}
