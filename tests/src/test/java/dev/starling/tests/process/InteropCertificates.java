package dev.starling.tests.process;

import io.grpc.testing.TlsTesting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The certificate of gRPC's test server and who signed it, as files. */
record InteropCertificates(Path authority, Path certificate, Path key) {

    /** A name that the certificate is for. */
    static final String NAME = "foo.test.google.fr";

    static InteropCertificates write(Path folder) throws IOException {
        return new InteropCertificates(
                write(folder, "ca.pem"), write(folder, "server1.pem"), write(folder, "server1.key"));
    }

    private static Path write(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream bytes = TlsTesting.loadCert(name)) {
            Files.copy(bytes, file);
        }
        return file;
    }
}
