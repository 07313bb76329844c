package dev.starling.config.proto;

import com.google.protobuf.Message;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.proto.encoded.EncodedCheck;
import dev.starling.config.proto.read.ProtoReader;
import dev.starling.config.proto.read.ProtoText;
import dev.starling.config.proto.rules.RulesValidator;
import dev.starling.config.proto.shortform.ShortForm;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.source.SourceMap;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceReader;
import dev.starling.config.proto.support.FieldSupport;
import dev.starling.config.proto.support.SupportCheck;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** From text, or from a message off the wire, to a message that passed every check that needs no translation. */
public final class ConfigReader {

    private final FieldSupport support;
    private final Map<String, String> environment;
    private final RulesValidator rules = new RulesValidator();
    private final EncodedCheck quick;

    /** @param environment what {@code ${NAME}} stands for in HOCON */
    public ConfigReader(FieldSupport support, Map<String, String> environment) {
        this.support = support;
        this.environment = Map.copyOf(environment);
        this.quick = new EncodedCheck(rules, support);
    }

    public FieldSupport support() {
        return support;
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
        var sources = new ArrayList<Source>();
        for (var text : texts) {
            sources.addAll(parse(text, type));
        }
        var problems = new Problems(SourceMap.of(trees(sources)));
        var policy = policy(unknownFields, problems);
        var merged = type.newBuilderForType();
        for (var source : sources) {
            merged.mergeFrom(
                    switch (source) {
                        case Tree(var root) -> message(root, merged, policy);
                        case Ready(var message) -> message;
                    });
        }
        return checked(merged.buildPartial(), policy);
    }

    /** Checks a message off the wire. */
    public <M extends Message> CheckedMessage<M> check(EncodedMessage<M> encoded, UnknownFields unknownFields) {
        return quick.isFaultless(encoded)
                ? new CheckedMessage<>(encoded.message(), new Problems(SourceMap.NONE))
                : check(encoded.message(), unknownFields);
    }

    /** Checks a message that came from no text. */
    public <M extends Message> CheckedMessage<M> check(M message, UnknownFields unknownFields) {
        return checked(message, policy(unknownFields, new Problems(SourceMap.NONE)));
    }

    /** Checks a part of a message that came from no text. */
    public void check(Message part, FieldPath at, UnknownFields unknownFields, Problems problems) {
        checked(part, at, policy(unknownFields, problems));
    }

    /** One of the texts, as far as it can be read before the others are known. */
    private sealed interface Source {}

    private record Tree(ObjectNode root) implements Source {}

    private record Ready(Message message) implements Source {}

    private List<Source> parse(ConfigText text, Message type) throws InvalidConfigException {
        return switch (text.format()) {
            case TEXT_PROTO -> List.of(new Ready(ProtoText.readText(text, type)));
            case BINARY_PROTO -> List.of(new Ready(ProtoText.readBinary(text, type)));
            case YAML, JSON, HOCON -> trees(SourceReader.read(text, environment), type);
        };
    }

    private static List<Source> trees(SourceNode root, Message type) throws InvalidConfigException {
        if (root instanceof ObjectNode object) {
            var roots = type instanceof Bootstrap ? ShortForm.expand(object) : List.of(object);
            return roots.stream().<Source>map(Tree::new).toList();
        }
        throw new InvalidConfigException(
                new Problem("", "expected an object but found " + root.kindName(), Optional.of(root.location())));
    }

    private static List<SourceNode> trees(List<Source> sources) {
        return sources.stream()
                .flatMap(source -> source instanceof Tree(var root) ? Stream.<SourceNode>of(root) : Stream.empty())
                .toList();
    }

    private static Message message(ObjectNode root, Message.Builder under, UnknownFieldPolicy policy) {
        var builder = under.getDefaultInstanceForType().newBuilderForType();
        new ProtoReader(policy).read(root, builder, FieldPath.ROOT, under);
        return builder.buildPartial();
    }

    @SuppressWarnings("unchecked") // a builder of M builds an M
    private <M extends Message> CheckedMessage<M> checked(Message message, UnknownFieldPolicy policy) {
        checked(message, FieldPath.ROOT, policy);
        return new CheckedMessage<>((M) message, policy.problems());
    }

    private void checked(Message message, FieldPath at, UnknownFieldPolicy policy) {
        rules.validate(message, at, policy.problems());
        new SupportCheck(support, policy).check(message, at);
    }

    private UnknownFieldPolicy policy(UnknownFields unknownFields, Problems problems) {
        return new UnknownFieldPolicy(unknownFields, support::isProtective, problems);
    }
}
