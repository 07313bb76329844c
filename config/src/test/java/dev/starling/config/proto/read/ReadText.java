package dev.starling.config.proto.read;

import com.google.protobuf.Message;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.proto.FieldPath;
import dev.starling.config.proto.Problems;
import dev.starling.config.proto.UnknownFieldPolicy;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.source.SourceMap;
import dev.starling.config.proto.source.SourceReader;
import java.util.List;
import java.util.Map;

/** A message read from YAML, and what was wrong with it. */
record ReadText<M extends Message>(M message, Problems problems) {

    static <M extends Message> ReadText<M> of(M type, String yaml) throws InvalidConfigException {
        return of(type, yaml, UnknownFields.REJECT);
    }

    @SuppressWarnings("unchecked") // a builder of M builds an M
    static <M extends Message> ReadText<M> of(M type, String yaml, UnknownFields unknownFields)
            throws InvalidConfigException {
        var root = SourceReader.read(ConfigText.yaml("a.yaml", yaml), Map.of());
        var problems = new Problems(SourceMap.of(List.of(root)));
        var policy = new UnknownFieldPolicy(
                unknownFields, message -> message.getName().equals("RBAC"), problems);
        var builder = type.newBuilderForType();
        new ProtoReader(policy).read(root, builder, FieldPath.ROOT);
        return new ReadText<>((M) builder.build(), problems);
    }

    List<String> errors() {
        return problems.errors().stream().map(Problem::toString).toList();
    }
}
