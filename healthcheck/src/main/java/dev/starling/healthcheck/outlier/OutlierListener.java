package dev.starling.healthcheck.outlier;

import dev.starling.lb.Endpoint;

/** The way from the data path to the {@link OutlierDetector}: one message when a threshold is crossed. */
@FunctionalInterface
public interface OutlierListener {

    /** Called on an event loop; must neither block nor throw. */
    void crossed(Endpoint endpoint, OutlierKind kind);
}
