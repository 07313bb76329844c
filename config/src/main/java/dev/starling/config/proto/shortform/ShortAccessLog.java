package dev.starling.config.proto.shortform;

import dev.starling.config.proto.source.SourceNode;
import java.util.List;

/** {@code access-log = stdout}, {@code stderr} or the path of a file. */
final class ShortAccessLog {

    private static final String STREAM = "envoy.extensions.access_loggers.stream.v3.";
    private static final String FILE = "envoy.extensions.access_loggers.file.v3.FileAccessLog";

    private ShortAccessLog() {}

    static List<SourceNode> expand(ShortObject around) {
        return around.scalar("access-log").stream()
                .<SourceNode>map(target -> {
                    var at = target.location();
                    var config = switch (target.text()) {
                        case "stdout" -> Expansion.typed(at, STREAM + "StdoutAccessLog");
                        case "stderr" -> Expansion.typed(at, STREAM + "StderrAccessLog");
                        default -> Expansion.typed(at, FILE).put("path", target);
                    };
                    return new Expansion(at)
                            .put(
                                    "name",
                                    "envoy.access_loggers."
                                            + (target.text().startsWith("std") ? target.text() : "file"))
                            .put("typed_config", config)
                            .node();
                })
                .toList();
    }
}
