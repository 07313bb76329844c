package dev.starling.healthcheck.outlier;

/** Hears of every ejection and readmission. Called from actors: must not block. */
@FunctionalInterface
public interface OutlierEventLog {

    OutlierEventLog NONE = event -> {};

    void append(OutlierEvent event);
}
