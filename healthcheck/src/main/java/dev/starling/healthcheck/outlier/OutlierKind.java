package dev.starling.healthcheck.outlier;

import java.util.Locale;

/** What makes an endpoint an outlier; the names are those of {@code envoy.data.cluster.v3.OutlierEjectionType}. */
public enum OutlierKind {
    CONSECUTIVE_5XX,
    CONSECUTIVE_GATEWAY_FAILURE;

    private final String statName = name().toLowerCase(Locale.ROOT);

    /** As in {@code outlier_detection.ejections_detected_<name>}. */
    public String statName() {
        return statName;
    }
}
