package dev.starling.xds.stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.starling.xds.protocol.DeltaType;
import dev.starling.xds.protocol.SotwType;
import dev.starling.xds.protocol.TypeState;
import dev.starling.xds.resource.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;

/**
 * What differs between streams of the two variants of the protocol.
 *
 * @param <Q> requests
 * @param <A> answers
 */
sealed interface Dialect<Q extends Message, A extends Message> {

    String AGGREGATED = "envoy.service.discovery.v3.AggregatedDiscoveryService/";

    <R> TypeState<R, Q, A> type(ResourceType<R> type);

    String aggregatedMethod();

    String method(ResourceType<?> type);

    ByteString write(Q request);

    ByteString write(Q request, Node node);

    A read(ByteString message) throws InvalidProtocolBufferException;

    String typeUrl(A response);

    /** What the control plane calls itself. */
    String identifier(A response);

    enum Sotw implements Dialect<DiscoveryRequest, DiscoveryResponse> {
        SOTW;

        @Override
        public <R> TypeState<R, DiscoveryRequest, DiscoveryResponse> type(ResourceType<R> type) {
            return new SotwType<>(type);
        }

        @Override
        public String aggregatedMethod() {
            return AGGREGATED + "StreamAggregatedResources";
        }

        @Override
        public String method(ResourceType<?> type) {
            return type.methods().stateOfTheWorld();
        }

        @Override
        public ByteString write(DiscoveryRequest request) {
            return request.toByteString();
        }

        @Override
        public ByteString write(DiscoveryRequest request, Node node) {
            return request.toBuilder().setNode(node).build().toByteString();
        }

        @Override
        public DiscoveryResponse read(ByteString message) throws InvalidProtocolBufferException {
            return DiscoveryResponse.parseFrom(message);
        }

        @Override
        public String typeUrl(DiscoveryResponse response) {
            return response.getTypeUrl();
        }

        @Override
        public String identifier(DiscoveryResponse response) {
            return response.getControlPlane().getIdentifier();
        }
    }

    enum Delta implements Dialect<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {
        DELTA;

        @Override
        public <R> TypeState<R, DeltaDiscoveryRequest, DeltaDiscoveryResponse> type(ResourceType<R> type) {
            return new DeltaType<>(type);
        }

        @Override
        public String aggregatedMethod() {
            return AGGREGATED + "DeltaAggregatedResources";
        }

        @Override
        public String method(ResourceType<?> type) {
            return type.methods().delta();
        }

        @Override
        public ByteString write(DeltaDiscoveryRequest request) {
            return request.toByteString();
        }

        @Override
        public ByteString write(DeltaDiscoveryRequest request, Node node) {
            return request.toBuilder().setNode(node).build().toByteString();
        }

        @Override
        public DeltaDiscoveryResponse read(ByteString message) throws InvalidProtocolBufferException {
            return DeltaDiscoveryResponse.parseFrom(message);
        }

        @Override
        public String typeUrl(DeltaDiscoveryResponse response) {
            return response.getTypeUrl();
        }

        @Override
        public String identifier(DeltaDiscoveryResponse response) {
            return response.getControlPlane().getIdentifier();
        }
    }
}
