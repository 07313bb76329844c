package dev.starling.runtime.tls;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.StatsStripe;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The statistics of handshakes, {@code listener.<address>.ssl.} and {@code cluster.<name>.ssl.}, under Envoy's names. */
public final class TlsStats {

    final Counter connectionError;
    final Counter handshake;
    final Counter sessionReused;
    final Counter noCertificate;
    final Counter failVerifyNoCert;
    final Counter updatedBySds;
    private final Counter downstreamNotReady;
    private final Counter upstreamNotReady;
    private final Counter failVerifyError;
    private final Counter failVerifySan;
    private final Counter failVerifyCertHash;
    private final Counter ocspStapleResponses;
    private final Counter ocspStapleFailed;
    private final Counter ocspStapleOmitted;
    private final Counter ocspStapleRequests;
    private final StatsScope ssl;
    private final StatsScope factory;
    private final Names ciphers;
    private final Names versions;
    private final Names curves;

    private TlsStats(StatsScope scope, String side) {
        ssl = scope.scope("ssl.");
        factory = scope.scope(side + "_ssl_socket_factory.");
        updatedBySds = factory.counter("ssl_context_update_by_sds");
        downstreamNotReady = factory.counter("downstream_context_secrets_not_ready");
        upstreamNotReady = factory.counter("upstream_context_secrets_not_ready");
        connectionError = ssl.counter("connection_error");
        handshake = ssl.counter("handshake");
        sessionReused = ssl.counter("session_reused");
        noCertificate = ssl.counter("no_certificate");
        failVerifyNoCert = ssl.counter("fail_verify_no_cert");
        failVerifyError = ssl.counter("fail_verify_error");
        failVerifySan = ssl.counter("fail_verify_san");
        failVerifyCertHash = ssl.counter("fail_verify_cert_hash");
        ocspStapleResponses = ssl.counter("ocsp_staple_responses");
        ocspStapleFailed = ssl.counter("ocsp_staple_failed");
        ocspStapleOmitted = ssl.counter("ocsp_staple_omitted");
        ocspStapleRequests = ssl.counter("ocsp_staple_requests");
        ciphers = new Names(ssl.scope("ciphers."));
        versions = new Names(ssl.scope("versions."));
        curves = new Names(ssl.scope("curves."));
    }

    /** @param scope {@code listener.<address>.} */
    public static TlsStats server(StatsScope scope) {
        return new TlsStats(scope, "server");
    }

    /** @param scope {@code cluster.<name>.} */
    public static TlsStats client(StatsScope scope) {
        return new TlsStats(scope, "client");
    }

    /** Nothing will be counted any more. */
    public void remove() {
        ssl.remove();
        factory.remove();
    }

    /** A connection could not be secured, as a secret has not come. */
    void secretsNotReady(boolean downstream, StatsStripe stripe) {
        (downstream ? downstreamNotReady : upstreamNotReady).inc(stripe);
    }

    void rejected(PeerRejected.Why why, StatsStripe stripe) {
        switch (why) {
            case CHAIN -> failVerifyError.inc(stripe);
            case SAN -> failVerifySan.inc(stripe);
            case CERTIFICATE_HASH -> failVerifyCertHash.inc(stripe);
            case UNCHECKED -> {}
        }
    }

    void staple(HandshakeNotes.Staple staple, StatsStripe stripe) {
        switch (staple) {
            case NOT_ASKED -> {
                return;
            }
            case SENT -> ocspStapleResponses.inc(stripe);
            case OMITTED -> ocspStapleOmitted.inc(stripe);
            case FAILED -> ocspStapleFailed.inc(stripe);
        }
        ocspStapleRequests.inc(stripe);
    }

    /** @param curve empty if it is not known */
    void negotiated(String cipher, String version, String curve, StatsStripe stripe) {
        ciphers.counter(cipher).inc(stripe);
        versions.counter(version).inc(stripe);
        if (!curve.isEmpty()) {
            curves.counter(curve).inc(stripe);
        }
    }

    /** Counters by what providers call things: as many as there are suites, versions and curves. */
    private record Names(StatsScope scope, Map<String, Counter> counters) {

        Names(StatsScope scope) {
            this(scope, new ConcurrentHashMap<>());
        }

        Counter counter(String name) {
            Counter known = counters.get(name);
            return known == null ? counters.computeIfAbsent(name, scope::counter) : known;
        }
    }
}
