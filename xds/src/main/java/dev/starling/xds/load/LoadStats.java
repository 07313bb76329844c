package dev.starling.xds.load;

/** {@code load_reporter.*}. */
public interface LoadStats {

    /** The server has said what it wants to know. */
    void requested();

    void reported();

    /** The stream has ended. */
    void failed();

    void retried();
}
