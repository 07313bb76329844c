package dev.starling.config.proto;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Message;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.http.GrpcWebConfig;
import dev.starling.config.proto.http.GrpcStatsReader;
import dev.starling.config.proto.http.HttpConnectionManagerReader;
import dev.starling.config.proto.http.RouterReader;
import dev.starling.config.proto.listener.filter.ProtocolDetectionReader;
import dev.starling.config.proto.listener.filter.ProxyProtocolReader;
import dev.starling.config.proto.listener.filter.TlsInspectorReader;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.support.FieldSupport;
import dev.starling.config.proto.tcp.TcpProxyReader;
import dev.starling.config.tcp.Echo;
import io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A loader with the extensions that examples need. */
public final class LoaderFixture {

    private LoaderFixture() {}

    public static ConfigLoader loader() {
        return new ConfigLoader(
                new ConfigReader(FieldSupport.builtIn(), Map.of()),
                new ExtensionRegistry.Builder()
                        .add(
                                ExtensionCategory.NETWORK_FILTER,
                                factory(
                                        "envoy.filters.network.echo",
                                        io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo.class,
                                        (message, context) -> new Echo()))
                        .add(
                                ExtensionCategory.NETWORK_FILTER,
                                factory("envoy.filters.network.tcp_proxy", TcpProxy.class, TcpProxyReader::read))
                        .add(
                                ExtensionCategory.NETWORK_FILTER,
                                factory(
                                        "envoy.filters.network.http_connection_manager",
                                        HttpConnectionManager.class,
                                        HttpConnectionManagerReader::read))
                        .add(
                                ExtensionCategory.LISTENER_FILTER,
                                factory(
                                        "envoy.filters.listener.tls_inspector",
                                        TlsInspector.class,
                                        (message, context) -> TlsInspectorReader.read(message)))
                        .add(ExtensionCategory.LISTENER_FILTER, protocolDetection())
                        .add(
                                ExtensionCategory.LISTENER_FILTER,
                                factory(
                                        "envoy.filters.listener.proxy_protocol",
                                        ProxyProtocol.class,
                                        ProxyProtocolReader::read))
                        .add(
                                ExtensionCategory.LISTENER_FILTER,
                                factory(
                                        "envoy.filters.listener.original_dst",
                                        OriginalDst.class,
                                        (message, context) -> new dev.starling.config.listener.filter.OriginalDst()))
                        .add(
                                ExtensionCategory.HTTP_FILTER,
                                factory(
                                        "envoy.filters.http.grpc_web",
                                        GrpcWeb.class,
                                        (message, context) -> new GrpcWebConfig(),
                                        false))
                        .add(
                                ExtensionCategory.HTTP_FILTER,
                                factory(
                                        "envoy.filters.http.grpc_stats",
                                        FilterConfig.class,
                                        (message, context) -> GrpcStatsReader.read(message),
                                        false))
                        .add(
                                ExtensionCategory.HTTP_FILTER,
                                factory(
                                        "envoy.filters.http.router",
                                        Router.class,
                                        (message, context) -> RouterReader.read(message)))
                        .build());
    }

    public static LoadedBootstrap load(String yaml) throws InvalidConfigException {
        return loader().load(List.of(ConfigText.yaml("a.yaml", yaml)), UnknownFields.REJECT, NodeOverrides.NONE);
    }

    /** Path and text of each problem, without its place in the text. */
    public static List<String> problems(String yaml) {
        try {
            load(yaml);
            return List.of();
        } catch (InvalidConfigException e) {
            return e.problems().stream()
                    .map(problem ->
                            Problem.at(problem.path(), problem.message()).toString())
                    .toList();
        }
    }

    private static ExtensionFactory<TypedStruct> protocolDetection() {
        return new ExtensionFactory<>() {
            @Override
            public String name() {
                return "starling.listener_filters.protocol_detection";
            }

            @Override
            public Class<TypedStruct> configType() {
                return TypedStruct.class;
            }

            @Override
            public String typeName() {
                return ProtocolDetectionReader.TYPE;
            }

            @Override
            public @Nullable Record validate(TypedStruct config, ValidationContext context) {
                return ProtocolDetectionReader.read(config, context);
            }
        };
    }

    private interface Reader<P> {
        @Nullable
        Record read(P message, ValidationContext context);
    }

    private static <P extends Message> ExtensionFactory<P> factory(String name, Class<P> type, Reader<P> reader) {
        return factory(name, type, reader, true);
    }

    private static <P extends Message> ExtensionFactory<P> factory(
            String name, Class<P> type, Reader<P> reader, boolean terminal) {
        return new ExtensionFactory<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Class<P> configType() {
                return type;
            }

            @Override
            public boolean terminal() {
                return terminal;
            }

            @Override
            public @Nullable Record validate(P config, ValidationContext context) {
                return reader.read(config, context);
            }
        };
    }
}
