package dev.starling.config.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Where bytes are kept, read whenever they are needed: files change. None of the forms tells what it holds. */
public sealed interface DataSource {

    /** No certificate, key or list of revocations is larger; keeps a wrong path from filling the memory. */
    int MAX_BYTES = 16 * 1024 * 1024;

    /** As Envoy names it in messages: the path, or that it is no file. */
    String display();

    /** @throws IOException if there is nothing to read; the message names the file and never its content */
    byte[] read() throws IOException;

    /** Whether what is read may be another thing later. */
    default boolean mayChange() {
        return false;
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
        public boolean mayChange() {
            return true;
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
