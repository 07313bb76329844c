package dev.starling.runtime;

import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.runtime.http.HttpConnectionManagerFactory;
import dev.starling.runtime.http.filter.grpc.GrpcHttp1BridgeFilterFactory;
import dev.starling.runtime.http.filter.grpc.GrpcHttp1ReverseBridgeFilterFactory;
import dev.starling.runtime.http.filter.grpc.GrpcStatsFilterFactory;
import dev.starling.runtime.http.filter.grpc.GrpcWebFilterFactory;
import dev.starling.runtime.http.filter.healthcheck.HealthCheckFilterFactory;
import dev.starling.runtime.http.filter.ondemand.OnDemandFilterFactory;
import dev.starling.runtime.http.filter.ondemand.OnDemandOverrideFactory;
import dev.starling.runtime.http.filter.router.RouterFactory;
import dev.starling.runtime.http.filter.xdsrelay.XdsRelayFactory;
import dev.starling.runtime.listener.filter.httpinspector.HttpInspectorFactory;
import dev.starling.runtime.listener.filter.originaldst.OriginalDstFactory;
import dev.starling.runtime.listener.filter.protocoldetection.ProtocolDetectionFactory;
import dev.starling.runtime.listener.filter.proxyprotocol.ProxyProtocolFactory;
import dev.starling.runtime.listener.filter.tlsinspector.TlsInspectorFactory;
import dev.starling.runtime.network.connectionlimit.ConnectionLimitFactory;
import dev.starling.runtime.network.directresponse.DirectResponseFactory;
import dev.starling.runtime.network.echo.EchoFactory;
import dev.starling.runtime.network.tcpproxy.TcpProxyFactory;

/** The extensions that come with the runtime. */
public final class BuiltInExtensions {

    private BuiltInExtensions() {}

    /** Adds them to a registry; further modules add theirs beside. */
    public static ExtensionRegistry.Builder register(ExtensionRegistry.Builder registry) {
        return registry.add(ExtensionCategory.NETWORK_FILTER, new HttpConnectionManagerFactory())
                .add(ExtensionCategory.NETWORK_FILTER, new TcpProxyFactory())
                .add(ExtensionCategory.NETWORK_FILTER, new DirectResponseFactory())
                .add(ExtensionCategory.NETWORK_FILTER, new EchoFactory())
                .add(ExtensionCategory.NETWORK_FILTER, new ConnectionLimitFactory())
                .add(ExtensionCategory.LISTENER_FILTER, new TlsInspectorFactory())
                .add(ExtensionCategory.LISTENER_FILTER, new OriginalDstFactory())
                .add(ExtensionCategory.LISTENER_FILTER, new ProtocolDetectionFactory())
                .add(ExtensionCategory.LISTENER_FILTER, new HttpInspectorFactory())
                .add(ExtensionCategory.LISTENER_FILTER, new ProxyProtocolFactory())
                .add(ExtensionCategory.HTTP_FILTER, new RouterFactory())
                .add(ExtensionCategory.HTTP_FILTER, new XdsRelayFactory())
                .add(ExtensionCategory.HTTP_FILTER, new HealthCheckFilterFactory())
                .add(ExtensionCategory.HTTP_FILTER, new GrpcStatsFilterFactory())
                .add(ExtensionCategory.HTTP_FILTER, new GrpcWebFilterFactory())
                .add(ExtensionCategory.HTTP_FILTER, new GrpcHttp1BridgeFilterFactory())
                .add(ExtensionCategory.HTTP_FILTER, new GrpcHttp1ReverseBridgeFilterFactory())
                .add(ExtensionCategory.HTTP_FILTER, new OnDemandFilterFactory())
                .add(ExtensionCategory.HTTP_FILTER_OVERRIDE, new OnDemandOverrideFactory());
    }
}
