package dev.starling.config.proto;

/** The kinds of extension; a type URL is looked up among the factories of one kind. */
public enum ExtensionCategory {
    NETWORK_FILTER("envoy.filters.network"),
    HTTP_FILTER("envoy.filters.http"),
    /** What routes say of a filter: named as the filter is, but of a type of its own. */
    HTTP_FILTER_OVERRIDE("envoy.filters.http"),
    LISTENER_FILTER("envoy.filters.listener"),
    TRANSPORT_SOCKET_UPSTREAM("envoy.transport_sockets.upstream"),
    TRANSPORT_SOCKET_DOWNSTREAM("envoy.transport_sockets.downstream"),
    ACCESS_LOGGER("envoy.access_loggers"),
    LOAD_BALANCING_POLICY("envoy.load_balancing_policies"),
    UPSTREAM_OPTIONS("envoy.upstream_options");

    private final String envoyName;

    ExtensionCategory(String envoyName) {
        this.envoyName = envoyName;
    }

    public String envoyName() {
        return envoyName;
    }
}
