package dev.starling.config.proto.core;

import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Fetches the bytes that {@code envoy.config.core.v3.DataSource} names, once, while the configuration is read. */
public final class DataSourceReader {

    /** What no configuration needs more of; keeps a wrong path such as {@code /dev/zero} from filling the memory. */
    private static final int MAX_BYTES = 64 * 1024 * 1024;

    private DataSourceReader() {}

    /** Null after a problem. */
    public static byte @Nullable [] read(DataSource message, ValidationContext context) {
        return read(message, MAX_BYTES, "data source", context);
    }

    /**
     * Null after a problem.
     *
     * @param maxBytes more is a problem
     * @param what the data is called in it
     */
    public static byte @Nullable [] read(DataSource message, long maxBytes, String what, ValidationContext context) {
        long bound = Math.min(maxBytes, MAX_BYTES);
        return switch (message.getSpecifierCase()) {
            case INLINE_STRING ->
                within(bound, message.getInlineStringBytes().toByteArray(), what, context.field("inline_string"));
            case INLINE_BYTES ->
                within(bound, message.getInlineBytes().toByteArray(), what, context.field("inline_bytes"));
            case ENVIRONMENT_VARIABLE ->
                environment(message.getEnvironmentVariable(), bound, what, context.field("environment_variable"));
            case FILENAME -> file(message.getFilename(), (int) bound, context.field("filename"));
            case SPECIFIER_NOT_SET -> {
                context.problem("one of filename, inline_bytes, inline_string, environment_variable is required");
                yield null;
            }
        };
    }

    private static byte @Nullable [] environment(String name, long bound, String what, ValidationContext context) {
        String value = System.getenv(name);
        if (value == null) {
            context.problem("Environment variable doesn't exist: " + name);
            return null;
        }
        return within(bound, value.getBytes(StandardCharsets.UTF_8), what, context);
    }

    private static byte @Nullable [] within(long bound, byte[] bytes, String what, ValidationContext context) {
        if (bytes.length > bound) {
            context.problem(what + " size is " + bytes.length + " bytes; maximum is " + bound);
            return null;
        }
        return bytes;
    }

    /** Reads one byte more than may be, rather than trust the size that a pipe or device tells. */
    private static byte @Nullable [] file(String name, int bound, ValidationContext context) {
        if (name.isEmpty()) {
            context.problem("must not be empty");
            return null;
        }
        try {
            var path = Path.of(name);
            if (!Files.exists(path)) {
                context.problem("file " + name + " does not exist");
                return null;
            }
            try (var in = Files.newInputStream(path)) {
                byte[] bytes = in.readNBytes(bound + 1);
                if (bytes.length <= bound) {
                    return bytes;
                }
                context.problem("file " + name + " size is " + Files.size(path) + " bytes; maximum is " + bound);
                return null;
            }
        } catch (IOException | IllegalArgumentException e) {
            context.problem("cannot read file " + name + ": " + e.getMessage());
            return null;
        }
    }
}
