package dev.starling.xds.relay;

/** What is counted of serving. Any thread. */
public interface RelayStats {

    /** Streams that are open, for resources and for status. */
    void clients(int count);

    void responded();

    void accepted();

    /** A client has not taken what it was offered. */
    void refused();

    /** A stream was ended for what its client said, or because there are too many. */
    void turnedAway();
}
