package dev.starling.xds.relay;

import com.google.protobuf.Timestamp;
import dev.starling.xds.relay.ClientType.Refused;
import dev.starling.xds.relay.RelayStream.ClientState;
import dev.starling.xds.relay.RelayStream.ResourceState;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.HeldResources.RefusedResource;
import io.envoyproxy.envoy.admin.v3.ClientResourceStatus;
import io.envoyproxy.envoy.admin.v3.UpdateFailureState;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ClientConfig.GenericXdsConfig;
import io.envoyproxy.envoy.service.status.v3.ClientStatusResponse;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What the client status discovery service says: first of the server, how far it is with its own control plane, then of each
 * client.
 */
final class StatusReport {

    static final String METHOD = "envoy.service.status.v3.ClientStatusDiscoveryService/StreamClientStatus";

    private StatusReport() {}

    static ClientStatusResponse of(
            Node self, Collection<String> typeUrls, HeldResources held, List<ClientState> clients) {
        var response = ClientStatusResponse.newBuilder().addConfig(own(self, typeUrls, held));
        clients.forEach(client -> response.addConfig(of(client, held)));
        return response.build();
    }

    private static ClientConfig own(Node self, Collection<String> typeUrls, HeldResources held) {
        var config = ClientConfig.newBuilder().setNode(self);
        typeUrls.stream().sorted().forEach(typeUrl -> {
            for (Held<?> each : held.held(typeUrl)) {
                config.addGenericXdsConfigs(content(typeUrl, each)
                        .setVersionInfo(each.version())
                        .setClientStatus(ClientResourceStatus.ACKED));
            }
            for (RefusedResource each : held.refused(typeUrl)) {
                config.addGenericXdsConfigs(GenericXdsConfig.newBuilder()
                        .setTypeUrl(typeUrl)
                        .setName(each.name())
                        .setClientStatus(ClientResourceStatus.NACKED)
                        .setErrorState(error(each.version(), each.reason(), each.at())));
            }
        });
        return config.build();
    }

    private static ClientConfig of(ClientState client, HeldResources held) {
        var config = ClientConfig.newBuilder().setNode(client.node()).setClientScope(client.group());
        client.resources().forEach(each -> config.addGenericXdsConfigs(of(each, held)));
        return config.build();
    }

    private static GenericXdsConfig of(ResourceState state, HeldResources held) {
        Optional<Held<?>> current = state.served() ? held.held(state.typeUrl(), state.name()) : Optional.empty();
        GenericXdsConfig.Builder config = current.map(each -> content(state.typeUrl(), each))
                .orElseGet(() -> GenericXdsConfig.newBuilder()
                        .setTypeUrl(state.typeUrl())
                        .setName(state.name()));
        String taken = state.standing().taken().orElse("");
        config.setVersionInfo(taken);
        Optional<Refused> refused = state.standing().refused();
        if (refused.isPresent()) {
            config.setConfigStatus(ConfigStatus.ERROR)
                    .setClientStatus(ClientResourceStatus.NACKED)
                    .setErrorState(error(
                            refused.get().version(),
                            refused.get().reason(),
                            refused.get().at()));
        } else if (current.isEmpty()) {
            config.setConfigStatus(ConfigStatus.SYNCED).setClientStatus(ClientResourceStatus.DOES_NOT_EXIST);
        } else if (taken.equals(ServedResource.of(current.get()).version())) {
            config.setConfigStatus(ConfigStatus.SYNCED).setClientStatus(ClientResourceStatus.ACKED);
        } else {
            config.setConfigStatus(ConfigStatus.STALE).setClientStatus(ClientResourceStatus.REQUESTED);
        }
        return config.build();
    }

    private static GenericXdsConfig.Builder content(String typeUrl, Held<?> held) {
        return GenericXdsConfig.newBuilder()
                .setTypeUrl(typeUrl)
                .setName(held.name())
                .setLastUpdated(timestamp(held.updatedAt()))
                .setXdsConfig(held.message());
    }

    private static UpdateFailureState error(String version, String reason, Instant at) {
        return UpdateFailureState.newBuilder()
                .setVersionInfo(version)
                .setDetails(reason)
                .setLastUpdateAttempt(timestamp(at))
                .build();
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
