package dev.starling.config.tls;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The transport sockets of a cluster: the first whose criteria an endpoint's metadata meets, or else the cluster's own.
 *
 * @param matches {@code transport_socket_matches}
 */
public record UpstreamSockets(UpstreamSocket standard, List<Match> matches) {

    public static final UpstreamSockets RAW = new UpstreamSockets(UpstreamSocket.Raw.RAW, List.of());

    public UpstreamSockets {
        matches = List.copyOf(matches);
    }

    /** @param criteria of the endpoint's metadata under {@code envoy.transport_socket_match}; none: any endpoint */
    public record Match(String name, Map<String, Object> criteria, UpstreamSocket socket) {
        public Match {
            criteria = Map.copyOf(criteria);
        }
    }

    /** The socket for an endpoint with this metadata under {@code envoy.transport_socket_match}. */
    public UpstreamSocket of(Map<String, Object> metadata) {
        for (Match match : matches) {
            if (metadata.entrySet().containsAll(match.criteria().entrySet())) {
                return match.socket();
            }
        }
        return standard;
    }

    /** What is to come. */
    public Stream<SdsSecret> secrets() {
        return Stream.concat(Stream.of(standard), matches.stream().map(Match::socket))
                .flatMap(socket -> socket instanceof UpstreamTls tls
                        ? tls.common().secrets().all()
                        : Stream.empty());
    }

    /** Whether with every endpoint a protocol can be agreed on. */
    public boolean negotiate() {
        return standard instanceof UpstreamTls
                && matches.stream().allMatch(match -> match.socket() instanceof UpstreamTls);
    }

    /** Whether no endpoint is spoken to over TLS. */
    public boolean inClear() {
        return standard instanceof UpstreamSocket.Raw && matches.isEmpty();
    }
}
