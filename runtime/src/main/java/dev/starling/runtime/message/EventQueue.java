package dev.starling.runtime.message;

import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** The few events of one side of an exchange that wait for its turn; bounded by the credit given to that side. */
public final class EventQueue {

    private @Nullable StreamEvent[] events = new StreamEvent[4];
    private int head;
    private int size;

    public void add(StreamEvent event) {
        if (size == events.length) {
            @Nullable StreamEvent[] larger = new StreamEvent[size * 2];
            for (int i = 0; i < size; i++) {
                larger[i] = events[(head + i) & (events.length - 1)];
            }
            events = larger;
            head = 0;
        }
        events[(head + size++) & (events.length - 1)] = event;
    }

    public @Nullable StreamEvent poll() {
        if (size == 0) {
            return null;
        }
        StreamEvent event = events[head];
        events[head] = null;
        head = (head + 1) & (events.length - 1);
        size--;
        return event;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Drops all events and releases their buffers. */
    public void clear() {
        for (StreamEvent event = poll(); event != null; event = poll()) {
            if (event instanceof StreamEvent.Data data) {
                ReferenceCountUtil.release(data.bytes());
            }
        }
    }
}
