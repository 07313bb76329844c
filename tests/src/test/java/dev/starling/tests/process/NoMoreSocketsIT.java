package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that may open no more sockets answers what it can, and goes on when it may again. Needs util-linux. */
@Timeout(60)
class NoMoreSocketsIT {

    /** Fewer than are open, so that no number is free. */
    private static final String NONE = "3";

    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

    @TempDir
    Path folder;

    @Test
    void failsWhatNeedsANewConnectionAndNothingElse() throws Exception {
        boolean can = Files.isExecutable(PRLIMIT);
        if (!can) {
            System.err.println("NoMoreSocketsIT is LEFT OUT: there is no " + PRLIMIT);
        }
        assumeTrue(can, "no prlimit here");
        try (var upstream = WireServer.answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nup");
                var starling = StarlingProcess.serve(
                        folder,
                        List.of(),
                        Bootstraps.http(upstream.port())
                                .replace(
                                        "routes: [",
                                        "routes: [{match: {path: /own}, direct_response: {status: 204}}, "))) {
            InetSocketAddress address = starling.listener("in");
            try (Wire wire = Wire.connect(address)) {
                assertThat(wire.get("/own").head()).startsWith("HTTP/1.1 204 ");
                String before = limit(starling, "--output", "SOFT", "--noheadings", "--nofile");

                limit(starling, "--nofile=" + NONE + ":");
                assertThat(wire.get("/").response())
                        .startsWith("HTTP/1.1 503 ")
                        .contains("reset reason: remote connection failure");
                assertThat(wire.get("/own").head()).startsWith("HTTP/1.1 204 ");
                try (Wire unheard = Wire.connect(address)) { // it waits in the backlog, or is closed
                    unheard.get("/own");
                }

                limit(starling, "--nofile=" + before + ":");
                assertThat(wire.get("/").response()).startsWith("HTTP/1.1 200 ").endsWith("up");
            }
            await().ignoreExceptions().until(() -> {
                try (Wire wire = Wire.connect(address)) {
                    return wire.get("/own").head().startsWith("HTTP/1.1 204 ");
                }
            });
            assertThat(starling.stat("cluster.up.upstream_cx_connect_fail")).isEqualTo(1);
            await().until(() -> starling.stat("http.ingress.downstream_cx_active") == 0);
        }
    }

    private static String limit(StarlingProcess starling, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PRLIMIT.toString(), "--pid", Long.toString(starling.pid())));
        command.addAll(List.of(words));
        Process prlimit = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(prlimit.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(prlimit.waitFor()).as(out).isZero();
        return out;
    }
}
