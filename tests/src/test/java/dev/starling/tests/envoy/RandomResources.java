package dev.starling.tests.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TypeRegistry;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Resources drawn at random: good ones, and each way to be bad. */
final class RandomResources {

    private static final TextFormat.Parser PARSER = TextFormat.Parser.newBuilder()
            .setTypeRegistry(TypeRegistry.newBuilder()
                    .add(HttpConnectionManager.getDescriptor())
                    .add(Router.getDescriptor())
                    .add(Struct.getDescriptor())
                    .build())
            .setSingularOverwritePolicy(TextFormat.Parser.SingularOverwritePolicy.ALLOW_SINGULAR_OVERWRITES)
            .build();

    private static final String ADS = "{ads{} resource_api_version:V3 initial_fetch_timeout{}}";
    private static final String UNKNOWN = "{name:'none' typed_config{[type.googleapis.com/google.protobuf.Struct]{}}}";

    private final Random random;
    private final List<Integer> ports;

    /** @param ports where endpoints are */
    RandomResources(Random random, List<Integer> ports) {
        this.random = random;
        this.ports = ports;
    }

    /** A kind of resource. */
    enum Kind {
        CLUSTER(Cluster.getDefaultInstance(), "c", 6),
        ENDPOINTS(ClusterLoadAssignment.getDefaultInstance(), "e", 4),
        LISTENER(Listener.getDefaultInstance(), "l", 3),
        ROUTES(RouteConfiguration.getDefaultInstance(), "r", 3);

        private final Message empty;
        private final String prefix;
        private final int count;

        Kind(Message empty, String prefix, int count) {
            this.empty = empty;
            this.prefix = prefix;
            this.count = count;
        }

        String typeUrl() {
            return "type.googleapis.com/" + empty.getDescriptorForType().getFullName();
        }

        /** What others refer to cannot be taken away: it serves on, but only Envoy goes on to show it. */
        boolean isRemovable() {
            return this == CLUSTER || this == LISTENER;
        }

        List<String> names() {
            return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
        }

        /** Names of what may be referred to. */
        List<String> refersTo() {
            return switch (this) {
                case CLUSTER -> ENDPOINTS.names();
                case LISTENER -> ROUTES.names();
                case ENDPOINTS, ROUTES -> List.of();
            };
        }

        String anyName(Random random) {
            return prefix + random.nextInt(count);
        }
    }

    /** @param what is bad of it, if anything is */
    record Drawn(Any any, String what) {}

    Drawn good(Kind kind, String name) {
        return read(kind, text(kind, name), "good");
    }

    /** Of that kind, under the name of what it refers to. */
    Any referringTo(Kind kind, String name) {
        String text = kind == Kind.CLUSTER ? cluster(name, eds(name)) : listener(name, rds(name));
        return read(kind, text, "good").any();
    }

    Drawn bad(Kind kind, String name) {
        String good = text(kind, name);
        int pick = random.nextInt(10);
        if (pick == 0) {
            return new Drawn(
                    Any.newBuilder().setTypeUrl(kind.typeUrl()).setValue(junk()).build(), "junk");
        }
        if (pick == 1) {
            return new Drawn(Any.pack(Struct.getDefaultInstance()), "another type");
        }
        String flaw = one(flaws(kind));
        return read(kind, good + " " + flaw, flaw);
    }

    private static ByteString junk() {
        return ByteString.copyFromUtf8("\u0007junk");
    }

    private static Drawn read(Kind kind, String text, String what) {
        Message.Builder message = kind.empty.newBuilderForType();
        try {
            PARSER.merge(text, message);
        } catch (TextFormat.ParseException e) {
            throw new IllegalArgumentException(text, e);
        }
        return new Drawn(Any.pack(message.build()), what);
    }

    private String text(Kind kind, String name) {
        return switch (kind) {
            case CLUSTER -> cluster(name);
            case ENDPOINTS -> endpoints(name, random.nextInt(4));
            case LISTENER -> listener(name);
            case ROUTES -> routes(name);
        };
    }

    private static List<String> flaws(Kind kind) {
        return switch (kind) {
            case CLUSTER ->
                List.of(
                        "connect_timeout{seconds:-1}",
                        "lb_policy:CLUSTER_PROVIDED",
                        "type:STATIC eds_cluster_config{} load_assignment{endpoints{" + endpoint("nowhere", 1) + "}}",
                        "transport_socket" + UNKNOWN,
                        "health_checks{timeout{seconds:1} interval{seconds:1} unhealthy_threshold{value:1}"
                                + " healthy_threshold{value:1}}",
                        "circuit_breakers{thresholds{retry_budget{budget_percent{value:101}}}}",
                        "load_balancing_policy{policies{typed_extension_config" + UNKNOWN + "}}",
                        "outlier_detection{max_ejection_percent{value:101}}");
            case ENDPOINTS ->
                List.of(
                        "endpoints{priority:129}",
                        "endpoints{lb_endpoints{load_balancing_weight{value:0} endpoint{}}}",
                        "endpoints{load_balancing_weight{value:0}}",
                        "policy{overprovisioning_factor{value:0}}",
                        "endpoints{" + endpoint("nowhere", 1) + "}",
                        "endpoints{lb_endpoints{endpoint{address{socket_address{address:'127.0.0.1' port_value:70000}}}}}");
            case LISTENER ->
                List.of(
                        "address{socket_address{address:'nowhere' port_value:0}}",
                        "address{socket_address{address:'127.0.0.1' port_value:70000}}",
                        "filter_chains{filters" + UNKNOWN + "}",
                        "filter_chains{name:'twice'} filter_chains{name:'again'}",
                        "listener_filters" + UNKNOWN,
                        "filter_chains{name:'more' filter_chain_match{destination_port{value:70000}}}",
                        "filter_chains{name:'more' filter_chain_match{server_names:'*w.x'}}");
            case ROUTES ->
                List.of(
                        "virtual_hosts{name:'x'}",
                        "virtual_hosts{name:'' domains:'a'}",
                        "virtual_hosts{name:'x' domains:'*'} virtual_hosts{name:'y' domains:'*'}",
                        "virtual_hosts{name:'x' domains:'x.test'} virtual_hosts{name:'x' domains:'y.test'}",
                        "virtual_hosts{name:'x' domains:'x' routes{route{cluster:'c0'}}}",
                        "virtual_hosts{name:'x' domains:'x' routes{match{prefix:'/'} route{cluster:''}}}",
                        "virtual_hosts{name:'x' domains:'x' routes{match{prefix:'/'}}}",
                        "virtual_hosts{name:'x' domains:'x' routes{match{safe_regex{regex:'('}} route{cluster:'c0'}}}",
                        "validate_clusters{value:true} virtual_hosts{name:'x' domains:'x'"
                                + " routes{match{prefix:'/'} route{cluster:'nowhere'}}}",
                        "response_headers_to_add{header{key:''}}");
        };
    }

    private String one(List<String> some) {
        return some.get(random.nextInt(some.size()));
    }

    private static String endpoint(String address, int port) {
        return "lb_endpoints{endpoint{address{socket_address{address:'" + address + "' port_value:" + port + "}}}}";
    }

    private String cluster(String name) {
        return cluster(
                name,
                random.nextInt(4) == 0
                        ? "type:STATIC load_assignment{" + endpoints(name, 1 + random.nextInt(2)) + "}"
                        : eds(Kind.ENDPOINTS.anyName(random)));
    }

    private static String eds(String name) {
        return "type:EDS eds_cluster_config{eds_config" + ADS + " service_name:'" + name + "'}";
    }

    private String cluster(String name, String where) {
        String policy = one(List.of("ROUND_ROBIN", "LEAST_REQUEST", "RANDOM"));
        String more = one(List.of(
                "",
                "common_lb_config{healthy_panic_threshold{value:0}}",
                "circuit_breakers{thresholds{max_requests{value:77}}}",
                "outlier_detection{consecutive_5xx{value:9}}",
                "per_connection_buffer_limit_bytes{value:65536}"));
        return "name:'%s' connect_timeout{seconds:%d} lb_policy:%s %s %s"
                .formatted(name, 1 + random.nextInt(3), policy, where, more);
    }

    private String endpoints(String name, int count) {
        int priorities = 1 + random.nextInt(2);
        int first = random.nextInt(ports.size());
        return "cluster_name:'%s' ".formatted(name)
                + IntStream.range(0, Math.min(count, priorities))
                        .mapToObj(priority -> "endpoints{priority:%d locality{zone:'%s'} %s}"
                                .formatted(
                                        priority,
                                        one(List.of("", "a", "b")),
                                        hosts(first, count, priorities, priority)))
                        .collect(Collectors.joining(" "));
    }

    private String hosts(int first, int count, int priorities, int priority) {
        return IntStream.range(0, count)
                .filter(i -> i % priorities == priority)
                .mapToObj(i -> "lb_endpoints{endpoint{address{socket_address{address:'127.0.0.1' port_value:%d}}}%s%s}"
                        .formatted(
                                ports.get((first + i) % ports.size()),
                                one(List.of("", "", " load_balancing_weight{value:2}")),
                                one(List.of("", "", "", " health_status:UNHEALTHY", " health_status:DEGRADED"))))
                .collect(Collectors.joining(" "));
    }

    private String listener(String name) {
        return listener(
                name,
                random.nextInt(3) == 0
                        ? "route_config{validate_clusters{} " + routes("inline") + "}"
                        : rds(Kind.ROUTES.anyName(random)));
    }

    private static String rds(String name) {
        return "rds{route_config_name:'" + name + "' config_source" + ADS + "}";
    }

    private String listener(String name, String routes) {
        String more = one(
                List.of("", "per_connection_buffer_limit_bytes{value:65536}", "listener_filters_timeout{seconds:3}"));
        return ("name:'%s' address{socket_address{address:'127.0.0.1' port_value:0}} %s"
                        + " filter_chains{filters{name:'http'"
                        + " typed_config{[type.googleapis.com/%s]{stat_prefix:'http' %s http_filters{name:'router'"
                        + " typed_config{[type.googleapis.com/%s]{}}}}}}}")
                .formatted(
                        name,
                        more,
                        HttpConnectionManager.getDescriptor().getFullName(),
                        routes,
                        Router.getDescriptor().getFullName());
    }

    private String routes(String name) {
        return "name:'%s' ".formatted(name)
                + "virtual_hosts{name:'a' domains:'a.test' routes{match{prefix:'/'} %s}}".formatted(action())
                + " virtual_hosts{name:'b' domains:'b.test' routes{match{path:'/'} %s} routes{match{prefix:'/'} %s}}"
                        .formatted(action(), action());
    }

    private String action() {
        return switch (random.nextInt(4)) {
            case 0 -> "direct_response{status:" + (200 + random.nextInt(90)) + "}";
            case 1 ->
                "route{weighted_clusters{clusters{name:'%s' weight{value:0}} clusters{name:'%s' weight{value:5}}}}"
                        .formatted(Kind.CLUSTER.anyName(random), Kind.CLUSTER.anyName(random));
            default -> "route{cluster:'" + Kind.CLUSTER.anyName(random) + "'}";
        };
    }
}
