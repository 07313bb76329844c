package dev.starling.xds.relay;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.rpc.Status;
import dev.starling.xds.relay.ClientType.Manner;
import dev.starling.xds.relay.ClientType.Offer;
import dev.starling.xds.resource.ResourceType.Scope;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What differs between clients that speak the two variants of the protocol.
 *
 * @param <Q> requests
 */
record RelayDialect<Q extends Message>(
        Parser<Q> parser,
        Function<Q, String> typeUrl,
        Function<Q, Node> node,
        Function<Scope, Manner> manner,
        Taking<Q> taking,
        Writing writing) {

    static final String WILDCARD = "*";

    private static final String AGGREGATED = "envoy.service.discovery.v3.AggregatedDiscoveryService/";
    static final String AGGREGATED_SOTW = AGGREGATED + "StreamAggregatedResources";
    static final String AGGREGATED_DELTA = AGGREGATED + "DeltaAggregatedResources";

    static final RelayDialect<DiscoveryRequest> SOTW = new RelayDialect<>(
            DiscoveryRequest.parser(),
            DiscoveryRequest::getTypeUrl,
            DiscoveryRequest::getNode,
            scope -> scope == Scope.WHOLE ? Manner.WHOLE_STATE : Manner.CHANGED_ONLY,
            RelayDialect::takeState,
            RelayDialect::writeState);

    static final RelayDialect<DeltaDiscoveryRequest> DELTA = new RelayDialect<>(
            DeltaDiscoveryRequest.parser(),
            DeltaDiscoveryRequest::getTypeUrl,
            DeltaDiscoveryRequest::getNode,
            _ -> Manner.DELTA,
            RelayDialect::takeDelta,
            RelayDialect::writeDelta);

    /** Tells a type's state what a request says. */
    interface Taking<Q> {
        /**
         * @param first on this stream, of this type
         * @return whether it accepts an offer, or refuses one; empty if neither
         */
        Optional<Boolean> take(Q request, boolean first, ClientType type, Instant now);
    }

    /** Makes a response. */
    interface Writing {
        ByteString write(String typeUrl, String version, String nonce, Offer offer);
    }

    Q read(ByteString message) throws InvalidProtocolBufferException {
        return parser.parseFrom(message);
    }

    private static Optional<Boolean> takeState(DiscoveryRequest request, boolean first, ClientType type, Instant now) {
        String nonce = request.getResponseNonce();
        List<String> wanted = request.getResourceNamesList().stream()
                .filter(name -> !name.equals(WILDCARD))
                .toList();
        // A request without names wants everything, until one of the stream has had names.
        boolean everything = request.getResourceNamesList().contains(WILDCARD)
                || (wanted.isEmpty() && (first || type.wants(true, List.of())));
        Optional<Boolean> answer = settle(nonce, reason(request.hasErrorDetail(), request.getErrorDetail()), type, now);
        if (answer.isEmpty() && !first && type.wants(everything, wanted)) {
            // Somebody new at the client waits for what it has: a changed cluster for its endpoints.
            type.repeat();
        }
        type.want(everything, wanted);
        return answer;
    }

    private static Optional<Boolean> takeDelta(
            DeltaDiscoveryRequest request, boolean first, ClientType type, Instant now) {
        Optional<Boolean> answer = settle(
                request.getResponseNonce(), reason(request.hasErrorDetail(), request.getErrorDetail()), type, now);
        type.subscribe(request.getResourceNamesSubscribeList());
        type.unsubscribe(request.getResourceNamesUnsubscribeList());
        if (first) {
            type.has(request.getInitialResourceVersionsMap());
            if (request.getResourceNamesSubscribeList().isEmpty()) {
                // Who names nothing at first wants all there is.
                type.subscribe(List.of(WILDCARD));
            }
        }
        return answer;
    }

    private static Optional<String> reason(boolean refuses, Status detail) {
        return refuses ? Optional.of(detail.getMessage()) : Optional.empty();
    }

    private static Optional<Boolean> settle(String nonce, Optional<String> reason, ClientType type, Instant now) {
        boolean settled = reason.map(text -> type.refuse(nonce, text, now)).orElseGet(() -> type.accept(nonce));
        return settled ? Optional.of(reason.isEmpty()) : Optional.empty();
    }

    private static ByteString writeState(String typeUrl, String version, String nonce, Offer offer) {
        var response = DiscoveryResponse.newBuilder()
                .setTypeUrl(typeUrl)
                .setVersionInfo(version)
                .setNonce(nonce);
        offer.resources().forEach(each -> response.addResources(each.message()));
        return response.build().toByteString();
    }

    private static ByteString writeDelta(String typeUrl, String version, String nonce, Offer offer) {
        var response = DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(typeUrl)
                .setSystemVersionInfo(version)
                .setNonce(nonce)
                .addAllRemovedResources(offer.removed());
        offer.resources()
                .forEach(each -> response.addResources(Resource.newBuilder()
                        .setName(each.name())
                        .setVersion(each.version())
                        .addAllAliases(each.aliases())
                        .setResource(each.message())));
        return response.build().toByteString();
    }
}
