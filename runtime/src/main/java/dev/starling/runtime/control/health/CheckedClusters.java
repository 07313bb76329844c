package dev.starling.runtime.control.health;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.HealthCheckSpecifier;
import dev.starling.runtime.control.cluster.ClusterPorts;
import dev.starling.xds.health.HealthChecking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The clusters that a health discovery service names, each with an actor that checks its endpoints. They are in no table of
 * clusters: no route finds them and no page shows them. Confined to the actor whose children they are.
 */
public final class CheckedClusters implements HealthChecking {

    /** For inspection. */
    public record View(String cluster, ActorRef<CheckedClusterActor.Command> checks) {}

    private record Checked(CheckedCluster cluster, ActorRef<CheckedClusterActor.Command> actor) {}

    private final ClusterPorts ports;
    private final ActorContext<?> parent;
    private List<Checked> checked = List.of();
    private long started;

    public CheckedClusters(ClusterPorts ports, ActorContext<?> parent) {
        this.ports = ports;
        this.parent = parent;
    }

    @Override
    public void check(HealthCheckSpecifier wanted) {
        Map<String, Checked> known = new HashMap<>();
        List<Checked> gone = new ArrayList<>();
        for (Checked each : checked) {
            // What has no name cannot be known again.
            if (each.cluster().settings().name().isEmpty()) {
                gone.add(each);
            } else {
                known.put(each.cluster().settings().name(), each);
            }
        }
        List<Checked> next = new ArrayList<>();
        for (Cluster cluster : wanted.clusters()) {
            Checked before = known.get(cluster.name());
            if (before != null && before.cluster().connectsAs(cluster)) {
                known.remove(cluster.name());
                next.add(update(before, cluster));
            } else {
                next.add(start(cluster));
            }
        }
        gone.addAll(known.values());
        gone.forEach(each -> parent.stop(each.actor()));
        checked = next;
    }

    private Checked start(Cluster cluster) {
        CheckedCluster fresh = CheckedCluster.of(cluster, ports.addresses());
        ActorRef<CheckedClusterActor.Command> actor =
                parent.spawn(CheckedClusterActor.create(cluster, ports), "cluster-" + ++started);
        actor.tell(new CheckedClusterActor.Follow(fresh.checks()));
        return new Checked(fresh, actor);
    }

    private Checked update(Checked before, Cluster cluster) {
        if (before.cluster().settings().contentHash() == cluster.contentHash()) {
            return before;
        }
        CheckedCluster updated = before.cluster().as(cluster, ports.addresses());
        before.actor().tell(new CheckedClusterActor.Follow(updated.checks()));
        return new Checked(updated, before.actor());
    }

    @Override
    public List<View> views() {
        return checked.stream()
                .map(each -> new View(each.cluster().settings().name(), each.actor()))
                .toList();
    }

    @Override
    public List<ClusterHealth> health() {
        return checked.stream().map(each -> each.cluster().health()).toList();
    }
}
