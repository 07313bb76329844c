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
    private final Counter failVerifyError;
    private final Counter failVerifySan;
    private final Counter failVerifyCertHash;
    private final Counter ocspStapleResponses;
    private final Counter ocspStapleFailed;
    private final Counter ocspStapleOmitted;
    private final Counter ocspStapleRequests;
    private final StatsScope ssl;
    private final Names ciphers;
    private final Names versions;
    private final Names curves;

    /** @param scope {@code listener.<address>.} or {@code cluster.<name>.} */
    public TlsStats(StatsScope scope) {
        ssl = scope.scope("ssl.");
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

    /** Nothing will be counted any more. */
    public void remove() {
        ssl.remove();
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
