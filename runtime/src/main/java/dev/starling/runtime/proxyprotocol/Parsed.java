package dev.starling.runtime.proxyprotocol;

/** What first bytes are found to be. */
public sealed interface Parsed {

    /**
     * More bytes will tell.
     *
     * @param version 0 while it is not known
     * @param wanted how many, from the first on, may be wanted before the next look
     */
    record Incomplete(int version, int wanted) implements Parsed {}

    /** No PROXY header of any version begins so. */
    enum Missing implements Parsed {
        MISSING
    }

    /**
     * Begins as a line and is longer than any may be.
     *
     * @param ends whether its end was seen all the same
     */
    record TooLong(boolean ends) implements Parsed {}

    /** Begins as a header and is none. */
    record Malformed(int version) implements Parsed {}

    /** @param length of the header on the wire */
    record Complete(int version, int length, ProxyHeader header) implements Parsed {}
}
