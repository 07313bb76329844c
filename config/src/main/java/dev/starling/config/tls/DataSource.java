package dev.starling.config.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Where bytes are kept, read whenever they are needed: files change. None of the forms tells what it holds. */
public sealed interface DataSource {

    /** No certificate, key or list of revocations is larger; keeps a wrong path from filling the memory. */
    int MAX_BYTES = 16 * 1024 * 1024;

    /** As Envoy names it in messages: the path, or that it is no file. */
    String display();

    /** @throws IOException if there is nothing to read; the message names the file and never its content */
    byte[] read() throws IOException;

    /** Where a move may mean that another thing is read from now on. */
    default Optional<Path> folder() {
        return Optional.empty();
    }

    /** What it holds now. @throws TlsProblem in Envoy's words, about the field, if that cannot be read */
    default Inline loaded(String field) throws TlsProblem {
        try {
            return new Inline(read());
        } catch (IOException e) {
            throw new TlsProblem(
                    field, this instanceof File(var path) ? "Invalid path: " + path : String.valueOf(e.getMessage()));
        }
    }

    /** In the configuration itself. */
    final class Inline implements DataSource {

        private final byte[] bytes;

        public Inline(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        public static Inline of(String text) {
            return new Inline(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String display() {
            return "<inline>";
        }

        @Override
        public byte[] read() {
            return bytes.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Inline inline && Arrays.equals(bytes, inline.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "<inline>";
        }
    }

    /** A file, read again when it was replaced. */
    record File(String path) implements DataSource {

        @Override
        public String display() {
            return path;
        }

        @Override
        public byte[] read() throws IOException {
            try (var in = Files.newInputStream(Path.of(path))) {
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new IOException("file " + path + " is larger than " + MAX_BYTES + " bytes");
                }
                return bytes;
            } catch (IllegalArgumentException e) {
                throw new IOException("Invalid path: " + path, e);
            }
        }

        @Override
        public Optional<Path> folder() {
            Path path = Path.of(this.path);
            return Optional.of(path.getParent() == null ? Path.of(".") : path.getParent());
        }
    }

    /** A variable of the environment. */
    record Environment(String name) implements DataSource {

        @Override
        public String display() {
            return "<inline>";
        }

        @Override
        public byte[] read() throws IOException {
            String value = System.getenv(name);
            if (value == null) {
                throw new IOException("Environment variable doesn't exist: " + name);
            }
            return value.getBytes(StandardCharsets.UTF_8);
        }
    }
}
