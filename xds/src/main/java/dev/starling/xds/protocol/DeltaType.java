package dev.starling.xds.protocol;

import com.google.rpc.Status;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.ResourceName;
import dev.starling.xds.resource.ResourceType;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One type on a delta stream: requests say what has come to be wanted and what no longer is, and each response is answered
 * by a request of its own.
 */
public final class DeltaType<R> implements TypeState<R, DeltaDiscoveryRequest, DeltaDiscoveryResponse> {

    private static final String ALL = "*";

    private final ResourceType<R> type;
    private final Holdings<R> holdings = new Holdings<>();
    private final Deque<Acknowledgement> acknowledgements = new ArrayDeque<>();
    private final SequencedSet<String> subscribe = new LinkedHashSet<>();
    private final SequencedSet<String> unsubscribe = new LinkedHashSet<>();
    private Interest interest = Interest.NONE;
    /** Whether anything was said on this stream. */
    private boolean begun;

    private record Acknowledgement(String nonce, Optional<Status> error) {}

    public DeltaType(ResourceType<R> type) {
        this.type = type;
    }

    @Override
    public ResourceType<R> type() {
        return type;
    }

    @Override
    public List<String> want(Interest wanted) {
        if (wanted.all() != interest.all()) {
            moved(ALL, wanted.all());
        }
        wanted.names().stream().filter(name -> !interest.names().contains(name)).forEach(name -> moved(name, true));
        interest.names().stream().filter(name -> !wanted.names().contains(name)).forEach(name -> moved(name, false));
        interest = wanted;
        return holdings.removeIf(name -> !covers(name));
    }

    /** What was given up and is wanted again before that was sent is asked for anew: its copy is forgotten already. */
    private void moved(String name, boolean wanted) {
        (wanted ? unsubscribe : subscribe).remove(name);
        (wanted ? subscribe : unsubscribe).add(name);
    }

    private boolean covers(String name) {
        return interest.covers(name)
                || holdings.find(name).stream()
                        .flatMap(held -> held.aliases().stream())
                        .anyMatch(interest::covers);
    }

    @Override
    public void reopened() {
        acknowledgements.clear();
        begun = false;
    }

    @Override
    public boolean hasNext() {
        return begun
                ? !acknowledgements.isEmpty() || !subscribe.isEmpty() || !unsubscribe.isEmpty()
                : !interest.isEmpty();
    }

    @Override
    public Optional<DeltaDiscoveryRequest> next() {
        if (!hasNext()) {
            return Optional.empty();
        }
        if (!begun) {
            return Optional.of(begin());
        }
        Acknowledgement acknowledgement = acknowledgements.poll();
        DeltaDiscoveryRequest.Builder request =
                request().addAllResourceNamesSubscribe(subscribe).addAllResourceNamesUnsubscribe(unsubscribe);
        if (acknowledgement != null) {
            request.setResponseNonce(acknowledgement.nonce());
            acknowledgement.error().ifPresent(request::setErrorDetail);
        }
        subscribe.clear();
        unsubscribe.clear();
        return Optional.of(request.build());
    }

    /** The first request of a stream tells what is held; a server that is told of no name takes it for all. */
    private DeltaDiscoveryRequest begin() {
        subscribe.clear();
        unsubscribe.clear();
        begun = true;
        DeltaDiscoveryRequest.Builder request = request();
        if (interest.all() && !interest.names().isEmpty()) {
            request.addResourceNamesSubscribe(ALL);
        }
        request.addAllResourceNamesSubscribe(interest.names());
        holdings.all().forEach(held -> request.putInitialResourceVersions(held.name(), held.version()));
        return request.build();
    }

    private DeltaDiscoveryRequest.Builder request() {
        return DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.typeUrl());
    }

    @Override
    public Change<R> receive(DeltaDiscoveryResponse response, Objections<R> objections, Instant now) {
        Judgement<R> judgement = new Judgement<>(type, holdings, objections, now);
        SequencedSet<String> removed = removed(response);
        Map<String, Integer> mentions = mentions(response, removed);
        List<Delivery> unresolved = new ArrayList<>();
        for (Resource resource : response.getResourcesList()) {
            Delivery delivery = Delivery.of(resource);
            if (wanted(delivery) && once(delivery.name(), mentions, judgement)) {
                judge(delivery, judgement, now);
            }
            if (delivery.message().isEmpty() && !delivery.aliases().isEmpty()) {
                unresolved.add(delivery);
            }
        }
        List<String> gone = new ArrayList<>();
        unresolved.forEach(delivery -> gone.addAll(missing(delivery)));
        for (String name : removed) {
            boolean asked = interest.names().contains(name);
            if (mentions.getOrDefault(name, 0) == 1 && (holdings.remove(name) || asked)) {
                gone.add(name);
            }
        }
        Change<R> change = judgement.change(response.getSystemVersionInfo(), gone);
        acknowledgements.add(new Acknowledgement(
                response.getNonce(),
                change.refused().isEmpty() ? Optional.empty() : Optional.of(ErrorDetail.of(type, change.refused()))));
        return change;
    }

    /** Names that it was asked for by and that lead nowhere: they come without content, and were never held. */
    private List<String> missing(Delivery delivery) {
        return Stream.concat(Stream.of(delivery.name()), delivery.aliases().stream())
                .distinct()
                .filter(name -> interest.names().contains(name) && !isHeld(name))
                .toList();
    }

    private boolean isHeld(String nameOrAlias) {
        return holdings.all().stream()
                .anyMatch(held ->
                        held.name().equals(nameOrAlias) || held.aliases().contains(nameOrAlias));
    }

    private static Map<String, Integer> mentions(DeltaDiscoveryResponse response, Set<String> removed) {
        Map<String, Integer> mentions = new HashMap<>();
        for (Resource resource : response.getResourcesList()) {
            mentions.merge(ResourceName.canonical(resource.getName()), 1, Integer::sum);
        }
        for (String name : removed) {
            mentions.merge(name, 1, Integer::sum);
        }
        return mentions;
    }

    private static SequencedSet<String> removed(DeltaDiscoveryResponse response) {
        SequencedSet<String> names = new LinkedHashSet<>();
        response.getRemovedResourcesList().forEach(name -> names.add(ResourceName.canonical(name)));
        return names;
    }

    private boolean wanted(Delivery delivery) {
        return interest.covers(delivery.name()) || delivery.aliases().stream().anyMatch(interest::covers);
    }

    /** Of several words on one resource none can be trusted. It is refused once. */
    private boolean once(String name, Map<String, Integer> mentions, Judgement<R> judgement) {
        int count = mentions.getOrDefault(name, 0);
        if (count > 1) {
            judgement.refuse(name, "duplicate name " + name + " found among added/updated or removed resources");
            mentions.put(name, 0);
        }
        return count == 1;
    }

    private void judge(Delivery delivery, Judgement<R> judgement, Instant now) {
        if (delivery.name().isEmpty()) {
            judgement.refuse("a resource", "has no name");
        } else if (delivery.message().isPresent()) {
            judgement
                    .open(delivery.message().get(), delivery.name())
                    .ifPresent(opened -> judgement.accept(
                            delivery.name(), delivery, delivery.message().get(), opened));
        } else if (delivery.aliases().isEmpty()) {
            signOfLife(delivery, judgement, now);
        }
    }

    /** A resource without content: only its time begins anew. */
    private void signOfLife(Delivery delivery, Judgement<R> judgement, Instant now) {
        boolean known = holdings.find(delivery.name())
                .filter(held -> held.version().equals(delivery.version()))
                .isPresent();
        if (known) {
            holdings.lend(delivery.name(), delivery.timeToLive(), now);
        } else {
            judgement.refuse(delivery.name(), "has no resource, and its version is not the one that is held");
        }
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
