package dev.starling.xds.accesslog;

import io.envoyproxy.envoy.data.accesslog.v3.ResponseFlags;
import io.envoyproxy.envoy.data.accesslog.v3.ResponseFlags.Unauthorized;

/** The fields that response flags have, by their short names. */
final class FlagNames {

    private FlagNames() {}

    /** Those that have no field are left out. */
    static void set(ResponseFlags.Builder flags, String name) {
        switch (name) {
            case "LH" -> flags.setFailedLocalHealthcheck(true);
            case "UH" -> flags.setNoHealthyUpstream(true);
            case "UT" -> flags.setUpstreamRequestTimeout(true);
            case "LR" -> flags.setLocalReset(true);
            case "UR" -> flags.setUpstreamRemoteReset(true);
            case "UF" -> flags.setUpstreamConnectionFailure(true);
            case "UC" -> flags.setUpstreamConnectionTermination(true);
            case "UO" -> flags.setUpstreamOverflow(true);
            case "NR" -> flags.setNoRouteFound(true);
            case "DI" -> flags.setDelayInjected(true);
            case "FI" -> flags.setFaultInjected(true);
            case "RL" -> flags.setRateLimited(true);
            case "UAEX" -> flags.getUnauthorizedDetailsBuilder().setReason(Unauthorized.Reason.EXTERNAL_SERVICE);
            case "RLSE" -> flags.setRateLimitServiceError(true);
            case "DC" -> flags.setDownstreamConnectionTermination(true);
            case "URX" -> flags.setUpstreamRetryLimitExceeded(true);
            case "SI" -> flags.setStreamIdleTimeout(true);
            case "IH" -> flags.setInvalidEnvoyRequestHeaders(true);
            case "DPE" -> flags.setDownstreamProtocolError(true);
            case "UMSDR" -> flags.setUpstreamMaxStreamDurationReached(true);
            case "RFCF" -> flags.setResponseFromCacheFilter(true);
            case "NFCF" -> flags.setNoFilterConfigFound(true);
            case "DT" -> flags.setDurationTimeout(true);
            case "UPE" -> flags.setUpstreamProtocolError(true);
            case "NC" -> flags.setNoClusterFound(true);
            case "OM" -> flags.setOverloadManager(true);
            case "DF" -> flags.setDnsResolutionFailure(true);
            case "DR" -> flags.setDownstreamRemoteReset(true);
            default -> {
                // Newer than the message.
            }
        }
    }
}
