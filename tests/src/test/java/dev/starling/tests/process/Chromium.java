package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless browser that opens one page, with a profile of its own. */
final class Chromium implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run");

    private static final int PATIENCE_SECONDS = 90;

    private final Path folder;
    private final Process process;

    private Chromium(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /** Leaves the test out, with a line that says so, where there is none. */
    static Chromium open(Path folder, String url, String... flags) throws IOException {
        Optional<String> found =
                NAMES.stream().filter(name -> Files.isExecutable(Path.of(name))).findFirst();
        if (found.isEmpty()) {
            System.err.println(url + " is LEFT OUT: there is no Chromium in " + NAMES);
        }
        assumeTrue(found.isPresent(), "no Chromium here");
        List<String> command = new ArrayList<>();
        command.add(found.orElseThrow());
        Stream.of(FLAGS.stream(), Stream.of("--user-data-dir=" + folder.resolve("profile")), Stream.of(flags))
                .flatMap(each -> each)
                .forEach(command::add);
        command.add(url);
        Process process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("page").toFile())
                .redirectError(folder.resolve("browser").toFile())
                .start();
        return new Chromium(folder, process);
    }

    /** The page as it is in the end, with what its scripts have made of it. */
    static String page(Path folder, String url, String... flags) throws Exception {
        List<String> all = new ArrayList<>(List.of(flags));
        all.add("--dump-dom");
        try (Chromium chromium = open(folder, url, all.toArray(String[]::new))) {
            assertThat(chromium.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("Chromium ends")
                    .isTrue();
            return Files.readString(folder.resolve("page"));
        }
    }

    /** Where it can be asked of its pages, for one that was opened with {@code --remote-debugging-port=0}. */
    int debuggingPort() throws IOException {
        Path said = folder.resolve("profile").resolve("DevToolsActivePort");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(said) || Files.size(said) == 0) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new IOException("Chromium does not listen: " + errors());
            }
            Thread.onSpinWait();
        }
        return Integer.parseInt(Files.readAllLines(said).getFirst());
    }

    /** What it said of itself. */
    String errors() {
        try {
            return Files.readString(folder.resolve("browser"));
        } catch (IOException none) {
            return none.toString();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
