package dev.starling.healthcheck.active;

/** {@code cluster.<name>.health_check.*}, one for all sessions of a cluster. Called from several actors at once. */
public interface HealthCheckStats {

    void attempt();

    void success();

    /** Every failed check, those of the network included, and every passive failure. */
    void failure();

    void networkFailure();

    void passiveFailure();

    /** Moves the gauge {@code healthy} by one up or down. */
    void healthy(int delta);

    /** Moves the gauge {@code degraded} by one up or down. */
    void degraded(int delta);
}
