package dev.starling.lb;

import dev.starling.config.Address;
import dev.starling.config.Locality;
import dev.starling.config.Metadata;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.EndpointConfig.HealthCheckOverride;
import dev.starling.config.endpoint.EndpointConfig.HealthStatus;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** An endpoint under construction: {@code endpoint("a").weight(3).in("east").with(FAILED_ACTIVE_HC).build()}. */
public final class ExampleEndpoint {

    private final String name;
    private final List<HealthFlag> flags = new ArrayList<>();
    private int priority;
    private int weight = 1;
    private String hostname = "";
    private Locality locality = Locality.NONE;
    private HealthStatus health = HealthStatus.UNKNOWN;
    private HealthCheckOverride healthCheck = HealthCheckOverride.NONE;

    private ExampleEndpoint(String name) {
        this.name = name;
    }

    public static ExampleEndpoint endpoint(String name) {
        return new ExampleEndpoint(name);
    }

    /** So many endpoints of each kind at one priority, healthy ones first, named {@code p<priority>-<number>}. */
    public static List<Endpoint> group(int priority, int healthy, int degraded, int failed) {
        List<Endpoint> group = new ArrayList<>();
        for (int i = 0; i < healthy + degraded + failed; i++) {
            ExampleEndpoint example = endpoint("p" + priority + "-" + i).at(priority);
            if (i >= healthy) {
                example.with(i < healthy + degraded ? HealthFlag.DEGRADED_EDS_HEALTH : HealthFlag.FAILED_EDS_HEALTH);
            }
            group.add(example.build());
        }
        return group;
    }

    public ExampleEndpoint at(int itsPriority) {
        priority = itsPriority;
        return this;
    }

    public ExampleEndpoint in(String zone) {
        locality = new Locality("", zone, "");
        return this;
    }

    public ExampleEndpoint weight(int itsWeight) {
        weight = itsWeight;
        return this;
    }

    public ExampleEndpoint hostname(String itsHostname) {
        hostname = itsHostname;
        return this;
    }

    public ExampleEndpoint health(HealthStatus status) {
        health = status;
        return this;
    }

    public ExampleEndpoint healthCheck(HealthCheckOverride override) {
        healthCheck = override;
        return this;
    }

    public ExampleEndpoint with(HealthFlag... itsFlags) {
        flags.addAll(List.of(itsFlags));
        return this;
    }

    public Endpoint build() {
        ResolvedEndpoint resolved = resolved();
        EndpointState state = new EndpointState();
        flags.forEach(state::set);
        return new Endpoint(
                resolved.config(),
                resolved.address(),
                resolved.addressText(),
                resolved.hostname(),
                resolved.locality(),
                resolved.priority(),
                state);
    }

    public ResolvedEndpoint resolved() {
        EndpointConfig config = new EndpointConfig(
                Address.Socket.of(name, 80), List.of(), hostname, health, weight, Metadata.NONE, healthCheck);
        return new ResolvedEndpoint(
                config, locality, priority, InetSocketAddress.createUnresolved(name, 80), name, hostname);
    }
}
