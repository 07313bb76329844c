package dev.starling.tests.envoy;

import com.google.protobuf.Any;
import dev.starling.tests.envoy.RandomResources.Drawn;
import dev.starling.tests.envoy.RandomResources.Kind;
import dev.starling.tests.xds.OwnPlane;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** One update after the other of what a control plane has. What is bad is mended by the next one. */
final class RandomUpdates {

    private final Random random;
    private final RandomResources resources;
    private final OwnPlane plane;
    private final Set<Any> sent = new HashSet<>();
    private Optional<Flawed> flawed = Optional.empty();

    /** A response of which something is bad. */
    private record Flawed(Kind kind, Set<String> names, Set<String> bad) {}

    RandomUpdates(Random random, RandomResources resources, OwnPlane plane) {
        this.random = random;
        this.resources = resources;
        this.plane = plane;
    }

    /**
     * What was sent.
     *
     * @param alone whether nothing else was changed beside what is bad
     */
    record Sent(Kind kind, Set<String> bad, boolean alone, String what) {}

    /**
     * All that others may refer to is there, so that nobody waits for it at the start, and something refers to each all the
     * time: what is drained refers to it too, and in Envoy that takes its time.
     */
    void begin() {
        for (Kind kind : Kind.values()) {
            Map<String, Any> there = new LinkedHashMap<>();
            kind.names()
                    .forEach(name -> there.put(name, resources.good(kind, name).any()));
            kind.refersTo().forEach(name -> there.put(name, resources.referringTo(kind, name)));
            send(kind, there, Set.of());
        }
    }

    Sent next() {
        return flawed.map(this::mend).orElseGet(this::change);
    }

    private Sent change() {
        Kind kind = List.of(Kind.values()).get(random.nextInt(Kind.values().length));
        Map<String, Any> there = new LinkedHashMap<>();
        Set<String> gone = new HashSet<>();
        Set<String> bad = new HashSet<>();
        StringBuilder what = new StringBuilder(kind.toString());
        boolean toBeBad = random.nextInt(5) == 0;
        if (toBeBad) {
            String name = kind.anyName(random);
            Drawn drawn = resources.bad(kind, name);
            there.put(name, drawn.any());
            bad.add(name);
            what.append(' ').append(name).append(" is bad: ").append(drawn.what());
        }
        for (int i = toBeBad ? random.nextInt(2) : 1 + random.nextInt(3); i > 0; i--) {
            String name = kind.anyName(random);
            if (there.containsKey(name)) {
                continue;
            }
            if (!toBeBad && kind.isRemovable() && random.nextInt(4) == 0) {
                gone.add(name);
                what.append(" -").append(name);
            } else {
                gone.remove(name);
                there.put(name, resources.good(kind, name).any());
                what.append(" +").append(name);
            }
        }
        if (toBeBad) {
            flawed = Optional.of(new Flawed(kind, there.keySet(), bad));
        }
        send(kind, there, gone);
        return new Sent(kind, bad, there.size() == bad.size(), what.toString());
    }

    /**
     * All of the response is sent, each as it never was, and its good part is not taken away, so that nobody depends on whether
     * that was taken: the version that is shown tells who had something to change.
     */
    private Sent mend(Flawed response) {
        flawed = Optional.empty();
        Kind kind = response.kind();
        Map<String, Any> there = new LinkedHashMap<>();
        Set<String> gone = new HashSet<>();
        for (String name : response.names()) {
            if (kind.isRemovable() && response.bad().contains(name) && random.nextInt(4) == 0) {
                gone.add(name);
            } else {
                there.put(name, another(kind, name));
            }
        }
        send(kind, there, gone);
        return new Sent(kind, Set.of(), true, kind + " mended: +" + there.keySet() + " -" + gone);
    }

    private Any another(Kind kind, String name) {
        Any drawn = resources.good(kind, name).any();
        return sent.contains(drawn) ? another(kind, name) : drawn;
    }

    /** Envoy acknowledges no clusters before those have been sent their endpoints, also those that were changed. */
    private void send(Kind kind, Map<String, Any> there, Set<String> gone) {
        sent.addAll(there.values());
        plane.change(kind.typeUrl(), there, gone);
        if (kind == Kind.CLUSTER) {
            plane.repeat(Kind.ENDPOINTS.typeUrl());
        }
    }
}
