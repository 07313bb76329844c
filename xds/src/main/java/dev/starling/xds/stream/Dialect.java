package dev.starling.xds.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.starling.xds.protocol.DeltaType;
import dev.starling.xds.protocol.SotwType;
import dev.starling.xds.protocol.TypeState;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceType.Methods;
import io.envoyproxy.envoy.config.core.v3.ControlPlane;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * What differs between streams of the two variants of the protocol.
 *
 * @param <Q> requests
 * @param <A> answers
 * @param aggregatedMethod of the stream that is for all types
 * @param ownMethod of a stream for one type
 * @param states makes the state of one type
 * @param introduction a request that says nothing but who asks
 */
record Dialect<Q extends Message, A extends Message>(
        String aggregatedMethod,
        Function<Methods, String> ownMethod,
        States<Q, A> states,
        Function<Node, Q> introduction,
        Parser<A> parser,
        Function<A, String> typeUrl,
        Function<A, ControlPlane> controlPlane) {

    private static final String AGGREGATED = "envoy.service.discovery.v3.AggregatedDiscoveryService/";

    static final Dialect<DiscoveryRequest, DiscoveryResponse> SOTW = new Dialect<>(
            AGGREGATED + "StreamAggregatedResources",
            Methods::stateOfTheWorld,
            SotwType::new,
            node -> DiscoveryRequest.newBuilder().setNode(node).build(),
            DiscoveryResponse.parser(),
            DiscoveryResponse::getTypeUrl,
            DiscoveryResponse::getControlPlane);

    static final Dialect<DeltaDiscoveryRequest, DeltaDiscoveryResponse> DELTA = new Dialect<>(
            AGGREGATED + "DeltaAggregatedResources",
            Methods::delta,
            DeltaType::new,
            node -> DeltaDiscoveryRequest.newBuilder().setNode(node).build(),
            DeltaDiscoveryResponse.parser(),
            DeltaDiscoveryResponse::getTypeUrl,
            DeltaDiscoveryResponse::getControlPlane);

    /** Makes the state of any type. */
    interface States<Q extends Message, A extends Message> {
        <R> TypeState<R, Q, A> of(ResourceType<R> type);
    }

    A read(ByteBuffer message) throws InvalidProtocolBufferException {
        return parser.parseFrom(message);
    }

    String typeUrl(A response) {
        return typeUrl.apply(response);
    }

    /** What the control plane calls itself. */
    String identifier(A response) {
        return controlPlane.apply(response).getIdentifier();
    }
}
