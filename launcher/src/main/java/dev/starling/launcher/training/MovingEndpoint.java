package dev.starling.launcher.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The one endpoint of a cluster, in a file of EDS that is replaced as Envoy wants it: by another that is moved there. */
final class MovingEndpoint implements AutoCloseable {

    private final Path folder;

    private MovingEndpoint(Path folder) {
        this.folder = folder;
    }

    static MovingEndpoint at(int port) throws IOException {
        var endpoint = new MovingEndpoint(Files.createTempDirectory("starling-training"));
        try {
            endpoint.move(port);
            return endpoint;
        } catch (IOException e) {
            endpoint.close();
            throw e;
        }
    }

    Path file() {
        return folder.resolve("moving.yaml");
    }

    private Path next() {
        return folder.resolve("next.yaml");
    }

    void move(int port) throws IOException {
        Files.writeString(next(), """
                resources:
                - "@type": type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment
                  cluster_name: moving
                  endpoints:
                  - lb_endpoints:
                    - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
                """.formatted(port));
        Files.move(next(), file(), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(next());
        Files.deleteIfExists(file());
        Files.delete(folder);
    }
}
