package dev.starling.runtime.route;

import dev.starling.config.route.ScopedRoutes.KeyPart;
import dev.starling.runtime.message.RequestHead;
import java.util.List;
import java.util.Map;

/** The place where the current scopes of a connection manager are published. Any thread. */
public final class ScopeSlot implements RouteTableSource {

    private final ScopeKey key;
    private final RouteTable nothing;
    private volatile Map<List<String>, RouteTableSource> scopes = Map.of();

    /** @param nothing the table for requests that are in no scope */
    public ScopeSlot(List<KeyPart> key, RouteTable nothing) {
        this.key = new ScopeKey(key);
        this.nothing = nothing;
    }

    @Override
    public RouteTable table(RequestHead head) {
        List<String> wanted = key.of(head);
        RouteTableSource scope = wanted == null ? null : scopes.get(wanted);
        return scope == null ? nothing : scope.table(head);
    }

    /** Of a scope whose routes are not there before somebody asks for them. */
    public RouteTableSource asking(HostRequests requests) {
        RouteTable asking = nothing.with(requests);
        return _ -> asking;
    }

    /** By key. */
    public void publish(Map<List<String>, RouteTableSource> next) {
        scopes = Map.copyOf(next);
    }
}
