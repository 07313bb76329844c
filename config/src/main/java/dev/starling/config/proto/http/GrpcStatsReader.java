package dev.starling.config.proto.http;

import dev.starling.config.http.GrpcStatsConfig;
import dev.starling.config.http.GrpcStatsConfig.Method;
import dev.starling.config.http.GrpcStatsConfig.Methods;
import io.envoyproxy.envoy.config.core.v3.GrpcMethodList;
import io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig;
import java.util.HashSet;

/** Reads the configuration of the gRPC statistics filter. */
public final class GrpcStatsReader {

    private GrpcStatsReader() {}

    public static GrpcStatsConfig read(FilterConfig message) {
        return new GrpcStatsConfig(methods(message), message.getEnableUpstreamStats());
    }

    private static Methods methods(FilterConfig message) {
        return switch (message.getPerMethodStatSpecifierCase()) {
            case STATS_FOR_ALL_METHODS ->
                message.getStatsForAllMethods().getValue()
                        ? new Methods.All(message.getReplaceDotsInGrpcServiceName())
                        : Methods.None.NONE;
            case INDIVIDUAL_METHOD_STATS_ALLOWLIST -> listed(message.getIndividualMethodStatsAllowlist());
            case PERMETHODSTATSPECIFIER_NOT_SET -> Methods.None.NONE;
        };
    }

    private static Methods listed(GrpcMethodList list) {
        var methods = new HashSet<Method>();
        for (var service : list.getServicesList()) {
            service.getMethodNamesList().forEach(name -> methods.add(new Method(service.getName(), name)));
        }
        return new Methods.Listed(methods);
    }
}
