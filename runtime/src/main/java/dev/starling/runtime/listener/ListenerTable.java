package dev.starling.runtime.listener;

import java.util.List;

/** The listeners in service, as their owner published them last. Any thread. */
public final class ListenerTable {

    private volatile List<ListenerView> views = List.of();

    /** In the order in which they came. */
    public List<ListenerView> views() {
        return views;
    }

    /** Only the listeners' manager calls this. */
    public void publish(List<ListenerView> current) {
        views = List.copyOf(current);
    }
}
