package dev.starling.xds.relay;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One type on one client's stream: what the client wants, what it was offered, has taken and has refused. One offer is in
 * flight at a time; what changes meanwhile is offered as it is when the answer has come, so whoever is slow skips what is
 * between. What a client has refused is not offered again until it changes. Pure; used by one thread.
 */
final class ClientType {

    /** How offers are made. */
    enum Manner {
        /** State of the world, of a type where what is left out is gone: everything, whenever anything has changed. */
        WHOLE_STATE,
        /** State of the world, of a type that is asked for by name: what has changed; absence cannot be said. */
        CHANGED_ONLY,
        /** Delta: what has changed, and what is gone. */
        DELTA
    }

    /** @param removed names that are gone, or never were and were asked for */
    record Offer(List<ServedResource> resources, List<String> removed) {
        Offer {
            resources = List.copyOf(resources);
            removed = List.copyOf(removed);
        }
    }

    /** What a client has not taken. */
    record Refused(String version, String reason, Instant at) {}

    /** How far a client is with one resource. */
    record Standing(Optional<String> taken, Optional<Refused> refused) {}

    private record Flight(String nonce, Offer offer) {}

    /** Stands for the version of what there is not. */
    private static final String NONE = "";

    /** Stands for the version of what a client may have from an earlier stream: no hash is written so. */
    private static final String UNKNOWN = "?";

    private static final long NEVER = -1;

    private static final String BETWEEN_NAMES = " \t\r\n,:;'\"";

    private final Manner manner;
    private final Set<String> names = new LinkedHashSet<>();
    private final Map<String, String> offered = new HashMap<>();
    private final Map<String, ServedResource> taken = new HashMap<>();
    private final Map<String, Refused> refused = new HashMap<>();
    private boolean wildcard;
    private boolean answered;
    private @Nullable Flight flight;
    /** All that was there at this moment has been offered, or need not be. */
    private long settled = NEVER;

    ClientType(Manner manner) {
        this.manner = manner;
    }

    // ---- what the client says ---------------------------------------------------------------------------------------

    /** Exactly this is wanted from now on. */
    void want(boolean everything, Collection<String> wanted) {
        if (wants(everything, wanted)) {
            return;
        }
        settled = NEVER;
        wildcard = everything;
        names.retainAll(Set.copyOf(wanted));
        names.addAll(wanted);
        forgetUnwanted();
    }

    /** These as well; what was wanted before is to be told anew. */
    void subscribe(Collection<String> more) {
        settled = more.isEmpty() ? settled : NEVER;
        for (String name : more) {
            wildcard |= name.equals(RelayDialect.WILDCARD);
            if (!name.equals(RelayDialect.WILDCARD)) {
                names.add(name);
                offered.remove(name);
                refused.remove(name);
            }
        }
    }

    void unsubscribe(Collection<String> less) {
        wildcard &= !less.contains(RelayDialect.WILDCARD);
        names.removeAll(Set.copyOf(less));
        forgetUnwanted();
    }

    /** What the client has from an earlier stream, by name. */
    void has(Map<String, String> versions) {
        settled = NEVER;
        offered.putAll(versions);
    }

    /** To be offered again, though the client has it. */
    void repeat() {
        settled = NEVER;
        offered.keySet().removeAll(names);
    }

    int interest() {
        return names.size();
    }

    boolean wants(boolean everything, Collection<String> wanted) {
        return wildcard == everything && names.equals(Set.copyOf(wanted));
    }

    private void forgetUnwanted() {
        if (!wildcard) {
            offered.keySet().retainAll(names);
            taken.keySet().retainAll(names);
            refused.keySet().retainAll(names);
        }
    }

    /** False if it answers no offer that is in flight. */
    boolean accept(String nonce) {
        return settle(nonce, List.of(), "", Instant.EPOCH);
    }

    /** The same for a refusal: of what the reason names, or of all that was new. */
    boolean refuse(String nonce, String reason, Instant now) {
        if (flight == null) {
            return false;
        }
        List<ServedResource> fresh =
                flight.offer().resources().stream().filter(this::isNews).toList();
        Set<String> words = new HashSet<>();
        var tokens = new StringTokenizer(reason, BETWEEN_NAMES);
        while (tokens.hasMoreTokens()) {
            words.add(tokens.nextToken());
        }
        List<ServedResource> named =
                fresh.stream().filter(each -> words.contains(each.name())).toList();
        return settle(nonce, named.isEmpty() ? fresh : named, reason, now);
    }

    private boolean isNews(ServedResource resource) {
        return !resource.equals(taken.get(resource.name()));
    }

    private boolean settle(String nonce, List<ServedResource> bad, String reason, Instant now) {
        if (flight == null || !flight.nonce().equals(nonce)) {
            return false;
        }
        Set<ServedResource> unaccepted = Set.copyOf(bad);
        for (ServedResource each : flight.offer().resources()) {
            if (!offered.containsKey(each.name())) {
                continue; // not wanted any more
            }
            if (unaccepted.contains(each)) {
                refused.put(each.name(), new Refused(each.version(), reason, now));
                fallBack(each.name());
            } else if (isNews(each)) {
                taken.put(each.name(), each);
                refused.remove(each.name());
            }
        }
        flight = null;
        return true;
    }

    private void fallBack(String name) {
        ServedResource last = taken.get(name);
        offered.put(name, last == null ? UNKNOWN : last.version());
    }

    // ---- what is said to it -----------------------------------------------------------------------------------------

    /** What is to be said now, if anything; it is in flight from then on. */
    Optional<Offer> next(ServedType current, String nonce) {
        if (flight != null || !current.known() || (!wildcard && names.isEmpty())) {
            return Optional.empty();
        }
        Collection<String> candidates = current.changedSince(settled)
                .<Collection<String>>map(news -> news)
                .orElseGet(() -> everything(current));
        settled = current.moment();
        List<ServedResource> changed =
                resources(current, candidates).stream().filter(this::isDue).toList();
        List<String> gone = gone(current, candidates);
        boolean due = !changed.isEmpty()
                || switch (manner) {
                    case WHOLE_STATE -> !gone.isEmpty() || !answered;
                    case CHANGED_ONLY -> false;
                    case DELTA -> !gone.isEmpty() || (wildcard && !answered);
                };
        gone.forEach(this::forget);
        if (!due) {
            return Optional.empty();
        }
        Offer offer = switch (manner) {
            case WHOLE_STATE ->
                new Offer(
                        resources(current, everything(current)).stream()
                                .map(this::lastGood)
                                .toList(),
                        List.of());
            case CHANGED_ONLY -> new Offer(changed, List.of());
            case DELTA -> new Offer(changed, gone);
        };
        offer.resources().forEach(each -> offered.put(each.name(), each.version()));
        answered = true;
        flight = new Flight(nonce, offer);
        return Optional.of(offer);
    }

    /** All names that there may be something to say about. */
    private Collection<String> everything(ServedType current) {
        Set<String> all = new LinkedHashSet<>(wildcard ? current.byName().keySet() : names);
        all.addAll(names);
        all.addAll(offered.keySet());
        return all;
    }

    private List<ServedResource> resources(ServedType current, Collection<String> candidates) {
        return candidates.stream()
                .filter(name -> wildcard || names.contains(name))
                .flatMap(name -> Stream.ofNullable(current.byName().get(name)))
                .toList();
    }

    private boolean isDue(ServedResource resource) {
        Refused last = refused.get(resource.name());
        return !resource.version().equals(offered.get(resource.name()))
                && (last == null || !last.version().equals(resource.version()));
    }

    private List<String> gone(ServedType current, Collection<String> candidates) {
        return candidates.stream()
                .filter(name -> !current.byName().containsKey(name))
                .filter(name -> {
                    String version = offered.get(name);
                    return version == null ? manner == Manner.DELTA && names.contains(name) : !version.equals(NONE);
                })
                .sorted()
                .toList();
    }

    private void forget(String name) {
        taken.remove(name);
        refused.remove(name);
        if (manner == Manner.DELTA && names.contains(name)) {
            offered.put(name, NONE);
        } else {
            offered.remove(name);
        }
    }

    /** What the client has refused stays as it had it, if it had it: what a state leaves out is gone. */
    private ServedResource lastGood(ServedResource resource) {
        Refused last = refused.get(resource.name());
        ServedResource before = taken.get(resource.name());
        return last != null && last.version().equals(resource.version()) && before != null ? before : resource;
    }

    /** For inspection. */
    Optional<Standing> standing(String name) {
        ServedResource has = taken.get(name);
        Refused not = refused.get(name);
        return offered.containsKey(name) || not != null
                ? Optional.of(
                        new Standing(Optional.ofNullable(has).map(ServedResource::version), Optional.ofNullable(not)))
                : Optional.empty();
    }

    /** For inspection: names of which the client was told or has refused something. */
    Set<String> told() {
        Set<String> told = new LinkedHashSet<>(offered.keySet());
        told.addAll(refused.keySet());
        return told;
    }
}
