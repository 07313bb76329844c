package dev.starling.xds.protocol;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.XxHash64;
import dev.starling.xds.resource.Coherence;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.ResourceName;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceType.Opened;
import dev.starling.xds.resource.ResourceType.Reading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the resources of one response one by one: the good ones are held from then on, the bad ones are named. */
final class Judgement<R> {

    private static final Logger log = LoggerFactory.getLogger(Judgement.class);

    /** More than any configuration has; what goes beyond is refused, so that a control plane cannot fill the memory. */
    private static final int MAX_RESOURCES = 1_000_000;

    private final ResourceType<R> type;
    private final Holdings<R> holdings;
    private final Objections<R> objections;
    private final Instant now;
    private final SequencedMap<String, Held<R>> updated = new LinkedHashMap<>();
    private final Map<String, Replaced<R>> replaced = new HashMap<>();
    private final List<Refusal> refused = new ArrayList<>();
    private int held;

    /** @param until when it is to be given up */
    private record Replaced<R>(Held<R> held, Optional<Instant> until) {}

    Judgement(ResourceType<R> type, Holdings<R> holdings, Objections<R> objections, Instant now) {
        this.type = type;
        this.holdings = holdings;
        this.objections = objections;
        this.now = now;
        this.held = holdings.all().size();
    }

    /** Takes it off the wire, to learn its name; empty if that cannot be done, which is then a reason to refuse. */
    Optional<Opened<R>> open(Any message, String called) {
        try {
            return Optional.of(
                    type.open(message, inside -> holdings.find(called).or(() -> holdings.find(inside))));
        } catch (InvalidProtocolBufferException broken) {
            refuse(called, String.valueOf(broken.getMessage()));
            return Optional.empty();
        }
    }

    void accept(String name, Delivery delivery, Any message, Opened<R> opened) {
        if (!opened.name().isEmpty() && !ResourceName.agrees(name, opened.name())) {
            refuse(name, "is called '" + opened.name() + "' inside");
            return;
        }
        long hash = XxHash64.hash(message.getValue().toByteArray(), 0);
        Optional<Held<R>> before = holdings.find(name);
        if (before.isPresent() && before.get().hash() == hash) {
            holdings.put(before.get().withVersion(delivery.version()));
        } else if (before.isEmpty() && held >= MAX_RESOURCES) {
            refuse(name, "more than " + MAX_RESOURCES + " resources of one type");
            return;
        } else {
            try {
                Reading<R> read = opened.read();
                Optional<String> objection = objections.against(name, read.resource());
                if (objection.isPresent()) {
                    refuse(name, objection.get());
                    return;
                }
                Held<R> accepted = new Held<>(
                        name,
                        delivery.version(),
                        delivery.aliases(),
                        message,
                        read.resource(),
                        hash,
                        now,
                        read.plain());
                holdings.put(accepted);
                updated.put(name, accepted);
                before.ifPresent(old -> replaced.put(name, new Replaced<>(old, holdings.expiry(name))));
                held += before.isPresent() ? 0 : 1;
            } catch (InvalidConfigException invalid) {
                refuse(name, invalid.problems().stream().map(Problem::toString).collect(Collectors.joining("; ")));
                return;
            } catch (RuntimeException fault) { // a bug of ours, which must not take the others along
                log.error("resource {} of type {} cannot be read", name, type, fault);
                refuse(name, "cannot be read: " + fault);
                return;
            }
        }
        holdings.lend(name, delivery.timeToLive(), now);
    }

    void refuse(String name, String reason) {
        refused.add(new Refusal(name, reason));
    }

    List<Refusal> refused() {
        return refused;
    }

    /**
     * The end of it: of what has been taken, what does not go with the rest is given back.
     *
     * @param removed no longer held
     */
    Change<R> change(String version, List<String> removed) {
        type.coherence()
                .filter(coherence ->
                        updated.values().stream().map(Held::resource).anyMatch(coherence::concerns))
                .map(this::incoherent)
                .ifPresent(flaws -> flaws.forEach(this::giveBack));
        return new Change<>(version, List.copyOf(updated.values()), removed, refused);
    }

    private Map<String, String> incoherent(Coherence<R> coherence) {
        return coherence.refused(
                holdings.all().stream().map(Held::resource).toList(),
                updated.keySet(),
                name -> Optional.ofNullable(replaced.get(name))
                        .map(old -> old.held().resource()));
    }

    private void giveBack(String name, String reason) {
        updated.remove(name);
        holdings.remove(name);
        Replaced<R> before = replaced.get(name);
        if (before != null) {
            holdings.put(before.held());
            holdings.lendUntil(name, before.until());
        }
        refuse(name, reason);
    }
}
