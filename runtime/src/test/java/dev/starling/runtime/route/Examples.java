package dev.starling.runtime.route;

import dev.starling.config.Address;
import dev.starling.config.HeaderMutation;
import dev.starling.config.HeaderMutation.Append;
import dev.starling.config.HeaderMutations;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Locality;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.route.Route;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.VirtualHost;
import dev.starling.config.route.VirtualHost.TlsRequirement;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointState;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.accesslog.FormatterFactory;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.time.Clock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Route configurations and requests for tests. */
final class Examples {

    /** What header values are made from in tests: a request, perhaps a response. */
    record Seen(
            StreamInfo info, RequestHead request, @Nullable ResponseHead response) implements FormatContext {
        Seen(RequestHead request) {
            this(new StreamInfo(), request, null);
        }
    }

    static final Function<FormatString, Formatter> FORMATS =
            new FormatterFactory(Clock.SYSTEM, "localhost", Map.of())::headerValue;

    private Examples() {}

    static RouteConfiguration config(VirtualHost... virtualHosts) {
        return config(HeaderMutations.NONE, false, false, virtualHosts);
    }

    static RouteConfiguration config(
            HeaderMutations headers, boolean mostSpecificWins, boolean ignorePort, VirtualHost... virtualHosts) {
        return new RouteConfiguration("r", List.of(virtualHosts), headers, List.of(), mostSpecificWins, ignorePort, 0);
    }

    /** All hosts, these routes. */
    static RouteConfiguration routes(Route... routes) {
        return config(virtualHost("v", List.of("*"), routes));
    }

    static VirtualHost virtualHost(String name, List<String> domains, Route... routes) {
        return virtualHost(name, domains, TlsRequirement.NONE, HeaderMutations.NONE, routes);
    }

    static VirtualHost virtualHost(
            String name, List<String> domains, TlsRequirement tls, HeaderMutations headers, Route... routes) {
        return new VirtualHost(
                name, domains, List.of(routes), tls, headers, false, false, Map.of(), VirtualHost.Retries.NONE);
    }

    static RouteTable compile(RouteConfiguration config) {
        return compile(config, new ClusterTable());
    }

    static RouteTable compile(RouteConfiguration config, ClusterTable clusters) {
        return RouteTable.compile(config, clusters::slot, clusters::find, FORMATS, () -> RuntimeSnapshot.EMPTY);
    }

    static HeaderMutation add(String name, String value, Append append) {
        try {
            return new HeaderMutation(name, FormatString.parse(value), append, false);
        } catch (InvalidConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static HeaderMutation add(String name, String value) {
        return add(name, value, Append.APPEND_IF_EXISTS_OR_ADD);
    }

    static HeaderMutations requestMutations(List<String> remove, HeaderMutation... add) {
        return new HeaderMutations(List.of(add), remove, List.of(), List.of());
    }

    static RequestHead get(String authority, String target, String... headers) {
        return request("GET", authority, target, headers);
    }

    /** @param headers {@code name: value}; x-forwarded-proto is http unless given, as the connection manager sets it */
    static RequestHead request(String method, String authority, String target, String... headers) {
        Headers all = new Headers();
        for (String header : headers) {
            int colon = header.indexOf(':');
            all.add(header.substring(0, colon), header.substring(colon + 1).strip());
        }
        if (all.get("x-forwarded-proto") == null) {
            all.add("x-forwarded-proto", "http");
        }
        String scheme = Objects.requireNonNull(all.get("x-forwarded-proto"));
        return new RequestHead(method, target, authority, scheme, Protocol.HTTP_1_1, all, "", -1, true);
    }

    static Endpoint endpoint(String hostname) {
        return new Endpoint(
                EndpointConfig.of(new Address.Socket("127.0.0.1", 80, false)),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 80),
                "127.0.0.1:80",
                hostname,
                new Locality("", "", ""),
                0,
                new EndpointState());
    }
}
