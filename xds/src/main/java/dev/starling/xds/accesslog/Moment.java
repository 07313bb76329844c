package dev.starling.xds.accesslog;

/** What an entry tells the time of, from the beginning on. */
public enum Moment {
    LAST_DOWNSTREAM_RX,
    FIRST_UPSTREAM_TX,
    LAST_UPSTREAM_TX,
    FIRST_UPSTREAM_RX,
    LAST_UPSTREAM_RX,
    FIRST_DOWNSTREAM_TX,
    LAST_DOWNSTREAM_TX,
    END
}
