package dev.starling.runtime.network;

/** What serves one client connection by its bytes: an element of its lane's flow. Confined to the loop. */
public interface RawSession {

    /** Takes up what has happened. */
    void turn();

    /** Closes all it has and releases what it holds; its lane is told that it ended. */
    void closeNow();
}
