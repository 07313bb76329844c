package dev.starling.tests.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process has in memory. */
final class Residence {

    private Residence() {}

    static long kib(StarlingProcess starling) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + starling.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
