package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What cannot start says why in one line, and exits with 1. */
@Timeout(60)
class CannotStartIT {

    @TempDir
    Path folder;

    @Test
    void becauseAPortIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Path file = write(Bootstraps.http(1)
                    .replace(
                            "- name: in\n    address: {socket_address: {address: 127.0.0.1, port_value: 0}}",
                            "- name: in\n    address: {socket_address: {address: 127.0.0.1, port_value: "
                                    + taken.getLocalPort() + "}}"));

            refused("in use", "-c", file.toString());
            assertThat(Files.readString(folder.resolve("err"))).contains(address);
        }
    }

    @Test
    void becauseTheAdminPortIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = write(Bootstraps.http(1).replaceFirst("port_value: 0", "port_value: " + taken.getLocalPort()));

            refused("in use", "-c", file.toString());
        }
    }

    @Test
    void becauseThereIsNoSuchFile() throws Exception {
        refused("no-such.yaml", "-c", folder.resolve("no-such.yaml").toString());
    }

    @Test
    void becauseTheFileCannotBeRead() throws Exception {
        Path file = write(Bootstraps.http(1));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        if (Files.isReadable(file)) { // root reads everything, but no folder
            file = Files.createDirectory(folder.resolve("folder.yaml"));
        }
        refused(file.getFileName().toString(), "-c", file.toString());
    }

    @Test
    void becauseAnAddressIsNone() throws Exception {
        Path file = write(Bootstraps.http(1)
                .replace(
                        "endpoint: {address: {socket_address: {address: 127.0.0.1",
                        "endpoint: {address: {socket_address: {address: not.an.address"));

        refused("not.an.address", "-c", file.toString());
    }

    @Test
    void becauseAListenersAddressIsNotOfThisMachine() throws Exception {
        Path file = write(Bootstraps.http(1)
                .replace(
                        "- name: in\n    address: {socket_address: {address: 127.0.0.1",
                        "- name: in\n    address: {socket_address: {address: 192.0.2.1"));

        refused("192.0.2.1", "-c", file.toString());
    }

    @Test
    void becauseAnAccessLogCannotBeOpened() throws Exception {
        Path file = write(Bootstraps.http(1).replace("stat_prefix: ingress", """
                stat_prefix: ingress
                          access_log:
                          - name: file
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                              path: /nowhere/a.log"""));

        refused("starling: unable to open file '/nowhere/a.log': No such file or directory", "-c", file.toString());
    }

    @Test
    void becauseAnExtensionIsDisabled() throws Exception {
        Path file = write(Bootstraps.http(1));

        refused(
                "http_filters[0]: Didn't find a registered implementation for 'router'",
                "-c",
                file.toString(),
                "--disable-extensions",
                "envoy.filters.http/envoy.filters.http.router");
    }

    @Test
    void unlessItIsOnlyCheckedAndTheLogsFolderIsElsewhere() throws Exception {
        Path file = write(Bootstraps.http(1));

        try (var starling = StarlingProcess.run(
                folder,
                List.of(),
                "--mode",
                "validate",
                "-c",
                file.toString(),
                "--log-path",
                "/nowhere/starling.log")) {
            assertThat(starling.exit()).isZero();
            assertThat(starling.out()).isEqualTo("configuration '" + file + "' OK\n");
        }
    }

    @Test
    void becauseAFlagIsUnknown() throws Exception {
        refused("--no-such-flag", "--no-such-flag");
    }

    private Path write(String bootstrap) throws IOException {
        return Files.writeString(folder.resolve("envoy.yaml"), bootstrap);
    }

    private void refused(String reason, String... words) throws Exception {
        try (var starling = StarlingProcess.run(folder, List.of(), words)) {
            assertThat(starling.exit()).isEqualTo(1);
            assertThat(starling.out()).isEmpty();
            List<String> lines = starling.err()
                    .lines()
                    .filter(line -> line.startsWith("starling: "))
                    .toList();
            assertThat(lines).singleElement().asString().contains(reason);
            assertThat(starling.err()).doesNotContain("\tat ", "Exception");
        }
    }
}
