package dev.starling.tests.envoy;

import java.io.IOException;

/**
 * What a client and an upstream do with one connection.
 *
 * @param listener that the client connects to
 */
record TcpCase(String name, String listener, Play play) implements CaseComparison.Case {

    /** Does what is to be done, with both sides in hand. */
    @FunctionalInterface
    interface Play {
        void on(TcpStage stage) throws IOException;
    }

    @Override
    public String toString() {
        return name;
    }
}
