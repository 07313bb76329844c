package dev.starling.xds.stream;

/** What is counted of one stream; Envoy's names are {@code control_plane.*}. */
public interface StreamStats {

    void connected(boolean connected);

    /** A request had to wait for a token. */
    void rateLimited();

    void pendingRequests(int count);

    /** What the control plane calls itself. */
    void identified(String name);
}
