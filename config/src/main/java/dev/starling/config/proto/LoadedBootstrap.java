package dev.starling.config.proto;

import dev.starling.config.Problem;
import dev.starling.config.bootstrap.Bootstrap;
import dev.starling.config.proto.print.ProtoPrinter;
import dev.starling.config.proto.print.Redaction;
import java.util.List;

/**
 * A bootstrap that was read, checked and translated.
 *
 * @param bootstrap what the rest of the code works with
 * @param message the same as Envoy's message, for {@code /config_dump} and {@code config print}; flags are merged in
 * @param warnings what was accepted with a remark, to be logged
 * @param ignoredFields how many fields were skipped because they are unknown or not supported
 */
public record LoadedBootstrap(
        Bootstrap bootstrap,
        io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap message,
        List<Problem> warnings,
        int ignoredFields) {

    public LoadedBootstrap {
        warnings = List.copyOf(warnings);
    }

    /** As Envoy would read it again, but for what {@code /config_dump} does not tell either. */
    public String yaml() {
        return ProtoPrinter.yaml(message, Redaction.SECRETS);
    }
}
