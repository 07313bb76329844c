package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.Cluster;
import dev.starling.lb.EndpointSet;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.control.cluster.ClusterActor.VersionView;
import dev.starling.xds.Discovery.Watching;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * One version of a cluster and the actors that serve it.
 *
 * @param destinations what watches over them, if that is what the endpoints are
 * @param watching a control plane, if the endpoints come from one
 * @param replyTo who asked for it
 */
record ClusterVersion(
        VersionView view,
        Cluster settings,
        ClusterTraffic traffic,
        Optional<ActorRef<DestinationDiscovery.Command>> destinations,
        Optional<Watching> watching,
        ActorRef<UpdateResult> replyTo) {

    boolean is(Cluster other) {
        return settings.contentHash() == other.contentHash();
    }

    int number() {
        return view.version();
    }

    /** What the data path is to see of it with these endpoints. */
    ClusterSnapshot snapshot(EndpointSet endpoints) {
        return new ClusterSnapshot(settings, endpoints, traffic, view.addedViaApi());
    }

    void stop(ActorContext<?> parent) {
        traffic.sockets().close();
        view.dnsDiscovery().ifPresent(parent::stop);
        watching.ifPresent(Watching::end);
        destinations.ifPresent(parent::stop);
        view.outlierDetector().ifPresent(parent::stop);
        parent.stop(view.endpoints());
    }
}
