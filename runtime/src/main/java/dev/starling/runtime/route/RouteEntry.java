package dev.starling.runtime.route;

import dev.starling.config.Metadata;
import dev.starling.config.route.Route;
import dev.starling.config.route.VirtualHost;
import dev.starling.runtime.message.Headers;

/** One route and where it stands: what all its results have in common. */
public final class RouteEntry {

    private final String name;
    private final VirtualHost virtualHost;
    private final Metadata metadata;
    private final HeaderEdits[] responseEdits;
    private final FilterOverrides filterOverrides;
    private final RetryRules retries;

    private RouteEntry(
            String name,
            VirtualHost virtualHost,
            Metadata metadata,
            HeaderEdits[] responseEdits,
            FilterOverrides filterOverrides,
            RetryRules retries) {
        this.name = name;
        this.virtualHost = virtualHost;
        this.metadata = metadata;
        this.responseEdits = responseEdits;
        this.filterOverrides = filterOverrides;
        this.retries = retries;
    }

    static RouteEntry of(
            Route route, VirtualHost virtualHost, HeaderEdits[] responseEdits, FilterOverrides filterOverrides) {
        return new RouteEntry(
                route.name(),
                virtualHost,
                route.metadata(),
                responseEdits,
                filterOverrides,
                RetryRules.of(route, virtualHost));
    }

    /** The entry of redirects that the virtual host itself asks for; Envoy lets nothing that it says touch them. */
    static RouteEntry ofTlsRedirect(VirtualHost virtualHost) {
        return new RouteEntry(
                "", virtualHost, Metadata.NONE, new HeaderEdits[0], FilterOverrides.NONE, RetryRules.none());
    }

    /** May be empty. */
    public String name() {
        return name;
    }

    public String virtualHostName() {
        return virtualHost.name();
    }

    public Metadata metadata() {
        return metadata;
    }

    FilterOverrides filterOverrides() {
        return filterOverrides;
    }

    /** When requests are sent again. */
    public RetryRules retries() {
        return retries;
    }

    /** Whether attempts after the first carry {@code x-envoy-is-timeout-retry}. */
    public boolean includeIsTimeoutRetryHeader() {
        return virtualHost.retries().includeIsTimeoutHeader();
    }

    /** Whether requests carry {@code x-envoy-attempt-count}. */
    public boolean includeRequestAttemptCount() {
        return virtualHost.includeRequestAttemptCount();
    }

    /** Whether responses carry {@code x-envoy-attempt-count}. */
    public boolean includeAttemptCountInResponse() {
        return virtualHost.includeAttemptCountInResponse();
    }

    void finalizeResponse(Headers headers, FormatContext context) {
        for (HeaderEdits edits : responseEdits) {
            edits.apply(headers, context);
        }
    }
}
