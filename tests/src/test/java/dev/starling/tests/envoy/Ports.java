package dev.starling.tests.envoy;

/** Ports differ from run to run. */
final class Ports {

    private Ports() {}

    /** With a name for the port wherever it stands alone; its digits may also be a part of a hash. */
    static String named(String text, int port, String name) {
        return text.replaceAll("\\b" + port + "\\b", name);
    }
}
