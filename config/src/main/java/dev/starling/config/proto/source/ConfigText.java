package dev.starling.config.proto.source;

import com.google.protobuf.ByteString;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * One piece of configuration as it came in.
 *
 * @param name file name or a description such as {@code --config-yaml}; appears in locations
 */
public record ConfigText(String name, SourceFormat format, ByteString content) {

    /** Far above any bootstrap seen; keeps a wrong path such as a disk image from filling the heap. */
    static final long MAX_BYTES = 64L << 20;

    /** Reads a file; the format is told by its extension, or else sniffed. */
    public static ConfigText file(Path file) throws InvalidConfigException {
        String name = file.toString();
        ByteString content = read(file);
        return new ConfigText(
                name, SourceFormat.ofFileName(name).orElseGet(() -> FormatSniffer.sniff(content)), content);
    }

    /** The value of {@code --config-yaml}, or any other text that is YAML. */
    public static ConfigText yaml(String name, String text) {
        return new ConfigText(name, SourceFormat.YAML, ByteString.copyFromUtf8(text));
    }

    public static ConfigText of(String name, SourceFormat format, String text) {
        return new ConfigText(name, format, ByteString.copyFromUtf8(text));
    }

    private static ByteString read(Path file) throws InvalidConfigException {
        try {
            if (Files.isDirectory(file)) {
                throw unreadable(file, "is a directory");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw unreadable(file, "is larger than " + (MAX_BYTES >> 20) + " MiB");
            }
            return ByteString.copyFrom(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw unreadable(file, "does not exist");
        } catch (AccessDeniedException e) {
            throw unreadable(file, "cannot be read: permission denied");
        } catch (IOException e) {
            throw unreadable(file, "cannot be read: " + e.getMessage());
        }
    }

    private static InvalidConfigException unreadable(Path file, String why) {
        return new InvalidConfigException(Problem.at("", "configuration file " + file + " " + why));
    }
}
