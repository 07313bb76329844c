package dev.starling.runtime.accesslog;

/** What went wrong with an exchange or connection, under Envoy's short and long names. */
public enum ResponseFlag {
    LH("FailedLocalHealthCheck"),
    UH("NoHealthyUpstream"),
    UT("UpstreamRequestTimeout"),
    LR("LocalReset"),
    UR("UpstreamRemoteReset"),
    UF("UpstreamConnectionFailure"),
    UC("UpstreamConnectionTermination"),
    UO("UpstreamOverflow"),
    NR("NoRouteFound"),
    DI("DelayInjected"),
    FI("FaultInjected"),
    RL("RateLimited"),
    UAEX("UnauthorizedExternalService"),
    RLSE("RateLimitServiceError"),
    DC("DownstreamConnectionTermination"),
    URX("UpstreamRetryLimitExceeded"),
    SI("StreamIdleTimeout"),
    IH("InvalidEnvoyRequestHeaders"),
    DPE("DownstreamProtocolError"),
    UMSDR("UpstreamMaxStreamDurationReached"),
    RFCF("ResponseFromCacheFilter"),
    NFCF("NoFilterConfigFound"),
    DT("DurationTimeout"),
    UPE("UpstreamProtocolError"),
    NC("NoClusterFound"),
    OM("OverloadManagerTerminated"),
    DF("DnsResolutionFailed"),
    DO("DropOverload"),
    DR("DownstreamRemoteReset"),
    UDO("UnconditionalDropOverload");

    private final String longName;

    ResponseFlag(String longName) {
        this.longName = longName;
    }

    public String longName() {
        return longName;
    }

    /** The flag's bit in a mask. */
    @SuppressWarnings("EnumOrdinal") // a mask lives no longer than its exchange, so any order will do
    public long mask() {
        return 1L << ordinal();
    }
}
