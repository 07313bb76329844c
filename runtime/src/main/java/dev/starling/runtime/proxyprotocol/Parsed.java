package dev.starling.runtime.proxyprotocol;

/** What first bytes are found to be. */
public sealed interface Parsed {

    /**
     * More bytes will tell.
     *
     * @param wanted how many, from the first on, may be wanted before the next look
     */
    record Incomplete(int wanted) implements Parsed {}

    /** No PROXY header of any version begins so. */
    enum Missing implements Parsed {
        MISSING
    }

    /** Begins as a header and is none. */
    record Malformed(int version) implements Parsed {}

    /** @param length of the header on the wire */
    record Complete(int version, int length, ProxyHeader header) implements Parsed {}
}
