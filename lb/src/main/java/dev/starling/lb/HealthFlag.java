package dev.starling.lb;

import java.util.Arrays;
import java.util.List;

/** Why an endpoint is not simply healthy. Flags of different sources are OR-ed; the bits are Envoy's. */
public enum HealthFlag {
    FAILED_ACTIVE_HC(0x1, "failed_active_hc"),
    FAILED_OUTLIER_CHECK(0x2, "failed_outlier_check"),
    FAILED_EDS_HEALTH(0x4, "failed_eds_health"),
    DEGRADED_ACTIVE_HC(0x8, "degraded_active_hc"),
    DEGRADED_EDS_HEALTH(0x10, "degraded_eds_health"),
    PENDING_DYNAMIC_REMOVAL(0x20, "pending_dynamic_removal"),
    PENDING_ACTIVE_HC(0x40, "pending_active_hc"),
    EXCLUDED_VIA_IMMEDIATE_HC_FAIL(0x80, "excluded_via_immediate_hc_fail"),
    ACTIVE_HC_TIMEOUT(0x100, "active_hc_timeout"),
    EDS_STATUS_DRAINING(0x200, "eds_status_draining"),
    DEGRADED_OUTLIER_DETECTION(0x400, "degraded_outlier_detection");

    private static final int UNHEALTHY =
            FAILED_ACTIVE_HC.bit | FAILED_OUTLIER_CHECK.bit | FAILED_EDS_HEALTH.bit | EDS_STATUS_DRAINING.bit;
    private static final int DEGRADED =
            DEGRADED_ACTIVE_HC.bit | DEGRADED_EDS_HEALTH.bit | DEGRADED_OUTLIER_DETECTION.bit;
    private static final int EXCLUDED =
            PENDING_ACTIVE_HC.bit | EXCLUDED_VIA_IMMEDIATE_HC_FAIL.bit | EDS_STATUS_DRAINING.bit;

    private final int bit;
    private final String text;

    HealthFlag(int bit, String text) {
        this.bit = bit;
        this.text = text;
    }

    public int bit() {
        return bit;
    }

    /** As {@code /clusters} prints it, without the slash. */
    public String text() {
        return text;
    }

    /** The texts of the flags that are set, in Envoy's order. */
    public static List<String> texts(int flags) {
        return Arrays.stream(values())
                .filter(flag -> (flags & flag.bit) != 0)
                .map(HealthFlag::text)
                .toList();
    }

    public static boolean healthy(int flags) {
        return (flags & (UNHEALTHY | DEGRADED)) == 0;
    }

    public static boolean degraded(int flags) {
        return (flags & UNHEALTHY) == 0 && (flags & DEGRADED) != 0;
    }

    /** Left out of the denominators of priority load and panic. */
    public static boolean excluded(int flags) {
        return (flags & EXCLUDED) != 0;
    }
}
