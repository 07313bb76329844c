package dev.starling.healthcheck.outlier;

/** {@code cluster.<name>.outlier_detection.*}. */
public interface OutlierStats {

    /** Moves the gauge {@code ejections_active}. */
    void active(int delta);

    /** {@code ejections_detected_<kind>}; for 5xx the old {@code ejections_consecutive_5xx} too. */
    void detected(OutlierKind kind);

    /** {@code ejections_enforced_total} and {@code ejections_enforced_<kind>}; for 5xx the old {@code ejections_total} too. */
    void enforced(OutlierKind kind);

    /** Spared by the dice of {@code enforcing_<kind>}; for 5xx the old {@code ejections_total} counts it. */
    void notEnforced(OutlierKind kind);

    /** {@code ejections_overflow}: spared by {@code max_ejection_percent}. */
    void overflow();
}
