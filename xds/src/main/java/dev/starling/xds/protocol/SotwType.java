package dev.starling.xds.protocol;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.ResourceName;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceType.Scope;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One type on a stream of the state of the world: a request says all that is wanted, with the last version accepted. */
public final class SotwType<R> implements TypeState<R, DiscoveryRequest, DiscoveryResponse> {

    private static final String ALL = "*";

    private final ResourceType<R> type;
    private final Holdings<R> holdings = new Holdings<>();
    private Interest interest = Interest.NONE;
    private String version = "";
    private String nonce = "";
    private Optional<Status> error = Optional.empty();
    /** Whether there is something to say on this stream. */
    private boolean due;
    /** Whether names were sent on this stream: from then on an empty list means nothing, before it means everything. */
    private boolean named;

    public SotwType(ResourceType<R> type) {
        this.type = type;
    }

    @Override
    public ResourceType<R> type() {
        return type;
    }

    @Override
    public List<String> want(Interest wanted) {
        if (wanted.equals(interest)) {
            return List.of();
        }
        interest = wanted;
        // Nothing is said where it would be taken for everything.
        due = !wanted.isEmpty() || named;
        return holdings.removeIf(name -> !wanted.covers(name));
    }

    @Override
    public void reopened() {
        nonce = "";
        error = Optional.empty();
        named = false;
        due = !interest.isEmpty();
    }

    @Override
    public boolean hasNext() {
        return due;
    }

    @Override
    public Optional<DiscoveryRequest> next() {
        if (!due) {
            return Optional.empty();
        }
        DiscoveryRequest.Builder request = DiscoveryRequest.newBuilder()
                .setTypeUrl(type.typeUrl())
                .setVersionInfo(version)
                .setResponseNonce(nonce);
        if (interest.all() && (named || !interest.names().isEmpty())) {
            request.addResourceNames(ALL);
        }
        request.addAllResourceNames(interest.names());
        error.ifPresent(request::setErrorDetail);
        named |= request.getResourceNamesCount() > 0;
        error = Optional.empty();
        due = false;
        return Optional.of(request.build());
    }

    @Override
    public Change<R> receive(DiscoveryResponse response, Objections<R> objections, Instant now) {
        nonce = response.getNonce();
        if (interest.isEmpty()) {
            return receiveUnwanted(response);
        }
        Judgement<R> judgement = new Judgement<>(type, holdings, objections, now);
        Set<String> present = new HashSet<>();
        boolean allNamed = true;
        boolean signsOfLifeOnly = response.getResourcesCount() > 0;
        for (int i = 0; i < response.getResourcesCount(); i++) {
            String called = "resources[" + i + "]";
            Optional<Delivery> delivery =
                    unwrap(response.getResources(i), response.getVersionInfo(), called, judgement);
            if (delivery.isPresent() && delivery.get().message().isEmpty()) {
                allNamed &= signOfLife(delivery.get(), called, present, judgement, now);
            } else {
                signsOfLifeOnly = false;
                allNamed &= delivery.isPresent() && judge(delivery.get(), called, present, judgement);
            }
        }
        // What cannot be named may be any of those that seem to be missing.
        boolean complete = type.scope() == Scope.WHOLE && interest.all() && allNamed && !signsOfLifeOnly;
        List<String> removed = complete ? holdings.retain(present) : List.of();
        return answer(response, judgement.change(response.getVersionInfo(), removed));
    }

    /** As Envoy: the version of nothing is taken, anything else is left to be sent again when it is wanted. */
    private Change<R> receiveUnwanted(DiscoveryResponse response) {
        if (response.getResourcesCount() == 0) {
            version = response.getVersionInfo();
        } else {
            due = named;
        }
        return new Change<>(response.getVersionInfo(), List.of(), List.of(), List.of());
    }

    private Optional<Delivery> unwrap(Any resource, String version, String called, Judgement<R> judgement) {
        try {
            return Optional.of(Delivery.of(resource, version));
        } catch (InvalidProtocolBufferException broken) {
            judgement.refuse(called, String.valueOf(broken.getMessage()));
            return Optional.empty();
        }
    }

    /** A resource without content: only its time begins anew. Whether it could be told which. */
    private boolean signOfLife(
            Delivery delivery, String called, Set<String> present, Judgement<R> judgement, Instant now) {
        if (delivery.name().isEmpty()) {
            judgement.refuse(called, "has neither name nor resource");
            return false;
        }
        present.add(delivery.name());
        if (!delivery.version().equals(version)) {
            judgement.refuse(delivery.name(), "has no resource, and its version is not the one that is held");
        } else if (holdings.find(delivery.name()).isPresent()) {
            holdings.lend(delivery.name(), delivery.timeToLive(), now);
        }
        return true;
    }

    /** Whether its name could be read. */
    private boolean judge(Delivery delivery, String called, Set<String> present, Judgement<R> judgement) {
        Any message = delivery.message().orElseThrow();
        var opened = judgement.open(message, delivery.name().isEmpty() ? called : delivery.name());
        if (opened.isEmpty()) {
            return !delivery.name().isEmpty() && present.add(delivery.name());
        }
        String name =
                ResourceName.canonical(delivery.name().isEmpty() ? opened.get().name() : delivery.name());
        if (name.isEmpty()) {
            judgement.refuse(called, "has no name");
            return false;
        }
        if (interest.covers(name)) {
            if (present.add(name)) {
                judgement.accept(name, delivery, message, opened.get());
            } else {
                judgement.refuse(name, "duplicate resource " + name + " found");
            }
        }
        return true;
    }

    private Change<R> answer(DiscoveryResponse response, Change<R> change) {
        if (change.refused().isEmpty()) {
            version = response.getVersionInfo();
            error = Optional.empty();
        } else {
            error = Optional.of(ErrorDetail.of(type, change.refused()));
        }
        due = true;
        return change;
    }

    @Override
    public Optional<Instant> firstExpiry() {
        return holdings.firstExpiry();
    }

    @Override
    public Change<R> expire(Instant now) {
        return holdings.expire(now);
    }

    @Override
    public Collection<Held<R>> held() {
        return holdings.all();
    }

    @Override
    public Optional<Held<R>> held(String name) {
        return holdings.find(name);
    }
}
