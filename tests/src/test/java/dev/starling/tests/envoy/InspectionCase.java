package dev.starling.tests.envoy;

import java.util.List;

/**
 * What a client sends first.
 *
 * @param bytes in so many writes
 * @param ends whether the client then ends its direction
 */
record InspectionCase(String name, String listener, boolean ends, List<byte[]> bytes) {

    @Override
    public String toString() {
        return listener + ": " + name + (ends ? ", then ends" : "");
    }
}
