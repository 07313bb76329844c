package dev.starling.runtime.control.layered;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.bootstrap.RuntimeValue;
import dev.starling.runtime.control.layered.RuntimeManager.TextReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a layer of the runtime from a folder: each file is a key, with the folders above it for prefixes. */
final class DiskLayer {

    /** As Envoy: what is deeper is most likely a link that leads up again. */
    private static final int MAX_DEPTH = 16;

    private final TextReader texts;
    private final Map<String, RuntimeValue> values = new LinkedHashMap<>();

    private DiskLayer(TextReader texts) {
        this.texts = texts;
    }

    static Map<String, RuntimeValue> read(Path folder, TextReader texts) throws IOException, InvalidConfigException {
        DiskLayer layer = new DiskLayer(texts);
        layer.walk(folder, "", 1);
        return layer.values;
    }

    private void walk(Path folder, String prefix, int depth) throws IOException, InvalidConfigException {
        if (depth > MAX_DEPTH) {
            throw new IOException("Walk recursion depth exceeded " + MAX_DEPTH);
        }
        List<Path> inside;
        try (Stream<Path> listed = Files.list(folder)) {
            inside = listed.sorted().toList();
        }
        for (Path path : inside) {
            String key = prefix + path.getFileName();
            if (Files.isDirectory(path)) {
                walk(path, key + ".", depth + 1);
            } else {
                values.put(key, texts.read(content(path)));
            }
        }
    }

    /** Without comments, which are lines of their own, and without what ends the last line. */
    private static String content(Path file) throws IOException {
        return Files.readString(file)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n"))
                .stripTrailing();
    }
}
