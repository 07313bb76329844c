package dev.starling.config.proto;

import com.google.protobuf.Message;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.support.FieldSupport;
import java.util.List;
import java.util.Map;

/** From text, or from a message off the wire, to a message that passed every check that needs no translation. */
public final class ConfigReader {

    private final FieldSupport support;
    private final Map<String, String> environment;

    /** @param environment what {@code ${NAME}} stands for in HOCON */
    public ConfigReader(FieldSupport support, Map<String, String> environment) {
        this.support = support;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Reads the texts and merges them in order as Envoy merges {@code --config-yaml} over the file: scalars are replaced,
     * lists appended, messages merged.
     *
     * @param type the default instance of the message, such as {@code Bootstrap.getDefaultInstance()}
     * @throws InvalidConfigException if a text is not even well-formed; all else is in the result's problems
     */
    public <M extends Message> CheckedMessage<M> read(M type, List<ConfigText> texts, UnknownFields unknownFields)
            throws InvalidConfigException {
        throw new UnsupportedOperationException();
    }

    /** Checks a message that came from no text. */
    public <M extends Message> CheckedMessage<M> check(M message, UnknownFields unknownFields) {
        throw new UnsupportedOperationException();
    }
}
