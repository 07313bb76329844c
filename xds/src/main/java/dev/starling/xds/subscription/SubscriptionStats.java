package dev.starling.xds.subscription;

import java.time.Duration;
import java.time.Instant;

/** What is counted of one watch; Envoy's names are {@code update_*} and {@code init_fetch_timeout}. */
public interface SubscriptionStats {

    void attempted();

    void succeeded(String version, Instant now);

    /** How long the last update took from its arrival until it was seen to. */
    void took(Duration time);

    /** Something was not valid. */
    void rejected();

    /** The stream has ended. */
    void failed();

    void timedOut();
}
