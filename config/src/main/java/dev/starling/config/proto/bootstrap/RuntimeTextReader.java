package dev.starling.config.proto.bootstrap;

import dev.starling.config.FractionalPercent;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.bootstrap.RuntimeValue;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import dev.starling.config.proto.source.SourceReader;
import java.util.Map;
import java.util.Optional;

/** Reads a single value of the runtime from YAML. */
public final class RuntimeTextReader {

    private RuntimeTextReader() {}

    /**
     * The value is shown as the text is.
     *
     * @throws InvalidConfigException if it is not YAML
     */
    public static RuntimeValue read(String text) throws InvalidConfigException {
        if (text.isBlank()) {
            return RuntimeValue.text(text);
        }
        return switch (SourceReader.read(ConfigText.yaml("runtime", text), Map.of())) {
            case Scalar scalar ->
                switch (scalar.kind()) {
                    case BOOLEAN -> RuntimeValue.truth(Boolean.parseBoolean(scalar.text()), text);
                    case NUMBER, STRING -> RuntimeValue.text(text);
                };
            case ObjectNode object -> RuntimeValue.share(share(object), text);
            case SourceNode.ListNode _, SourceNode.Null _ -> RuntimeValue.share(Optional.empty(), text);
        };
    }

    private static Optional<FractionalPercent> share(ObjectNode object) {
        return object.entries().isEmpty()
                ? Optional.empty()
                : Optional.of(RuntimeValuesReader.fraction(
                        RuntimeValue.text(scalar(object, "numerator")).number(), scalar(object, "denominator")));
    }

    private static String scalar(ObjectNode object, String name) {
        var entry = object.entries().get(name);
        return entry != null && entry.value() instanceof Scalar scalar ? scalar.text() : "";
    }
}
