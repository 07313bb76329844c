package dev.starling.bench;

import java.io.IOException;

/** Runs the JMH benchmarks of this module; arguments are JMH's own. */
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] args) throws IOException {
        org.openjdk.jmh.Main.main(args);
    }
}
