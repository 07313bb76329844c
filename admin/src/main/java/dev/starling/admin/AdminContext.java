package dev.starling.admin;

import dev.starling.config.proto.LoadedBootstrap;
import dev.starling.runtime.ServerState;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.time.Clock;
import dev.starling.runtime.tls.TlsHolders;
import dev.starling.xds.resource.HeldResources;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the admin pages show and what they may do: published views and a few actions, so that no page waits for the proxy's
 * own threads.
 *
 * @param held of control planes and files
 * @param listeners the listeners in service and where they accept
 * @param unready what the start still waits for
 * @param actors the one page that asks: it does so with a time limit
 */
public record AdminContext(
        Identity identity,
        LoadedBootstrap bootstrap,
        ServerState state,
        StatsStore stats,
        ClusterTable clusters,
        Supplier<RuntimeSnapshot> runtime,
        HeldResources held,
        TlsHolders tls,
        Supplier<List<ListenerView>> listeners,
        Supplier<List<InitManager>> unready,
        AdminActions actions,
        LogLevels logLevels,
        ActorTree actors,
        Clock clock,
        Bridges bridges) {

    /**
     * The stats in other libraries' forms.
     *
     * @param kamon whether {@code /stats/kamon} is there although the setting says no
     */
    public record Bridges(boolean kamon) {

        /** Only what the settings say. */
        public static final Bridges AS_SET = new Bridges(false);
    }

    /**
     * What {@code /server_info} says of the process.
     *
     * @param version five parts between slashes, as tools split Envoy's
     * @param commandLine options by Envoy's names, in their order; strings, numbers, booleans and lists of strings
     * @param startedNanos by the proxy's nano clock
     */
    public record Identity(String version, Map<String, Object> commandLine, long startedNanos) {}
}
