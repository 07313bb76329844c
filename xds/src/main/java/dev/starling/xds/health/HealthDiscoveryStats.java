package dev.starling.xds.health;

/** {@code hds_delegate.*}. */
public interface HealthDiscoveryStats {

    /** The server has said what is to be checked, or has said it again. */
    void requested();

    /** Something was sent: who we are, or how endpoints are. */
    void reported();

    /** The stream has ended, or what came could not be used. */
    void failed();

    /** What is to be checked has changed. */
    void updated();
}
