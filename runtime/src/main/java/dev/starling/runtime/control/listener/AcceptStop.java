package dev.starling.runtime.control.listener;

import dev.starling.config.listener.Listener.TrafficDirection;

/** Which listeners have been told to accept no more, and so take no updates either. Does not go back. */
enum AcceptStop {
    NONE,
    INBOUND,
    ALL;

    boolean concerns(TrafficDirection direction) {
        return switch (this) {
            case NONE -> false;
            case INBOUND -> direction == TrafficDirection.INBOUND;
            case ALL -> true;
        };
    }

    AcceptStop and(AcceptStop further) {
        return further.compareTo(this) > 0 ? further : this;
    }
}
