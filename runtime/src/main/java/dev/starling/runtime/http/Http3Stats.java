package dev.starling.runtime.http;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;

/** The statistics of the codec, {@code http3.}, under Envoy's names ({@code Http3CodecStats}). */
final class Http3Stats {

    final Counter droppedHeadersWithUnderscores;
    final Counter goawaySent;
    final Counter requestsRejectedWithUnderscores;
    final Counter rxReset;
    final Counter txReset;
    final Counter version1;

    Http3Stats(StatsScope s) {
        droppedHeadersWithUnderscores = s.counter("dropped_headers_with_underscores");
        goawaySent = s.counter("goaway_sent");
        requestsRejectedWithUnderscores = s.counter("requests_rejected_with_underscores_in_headers");
        rxReset = s.counter("rx_reset");
        txReset = s.counter("tx_reset");
        version1 = s.counter("quic_version_rfc_v1");
    }
}
