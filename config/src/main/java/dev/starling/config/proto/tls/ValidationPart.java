package dev.starling.config.proto.tls;

import com.google.protobuf.ByteString;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.Problems;
import dev.starling.config.proto.TranslationContext;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.source.SourceMap;
import dev.starling.config.tls.DataSource;
import dev.starling.config.tls.PartialValidation;
import dev.starling.config.tls.PeerValidation;
import dev.starling.config.tls.TlsProblem;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A part of the rules is kept as the message it came in, as they are merged as messages are. */
record ValidationPart(CertificateValidationContext message) implements PartialValidation {

    @Override
    public PeerValidation rules() throws TlsProblem {
        var problems = new Problems(SourceMap.NONE);
        var context = TranslationContext.of(
                problems, UnknownFields.REJECT, new ExtensionRegistry.Builder().build(), _ -> false);
        var rules = PeerValidationReader.read(message, context);
        try {
            problems.throwIfAny();
        } catch (InvalidConfigException invalid) {
            Problem first = invalid.problems().getFirst();
            throw new TlsProblem(first.path(), first.message());
        }
        if (rules == null) {
            throw new IllegalStateException("nothing was read, and nobody said why");
        }
        return rules;
    }

    @Override
    public PartialValidation over(PartialValidation defaults) {
        if (!(defaults instanceof ValidationPart(var theirs))) {
            throw new IllegalArgumentException("not read here: " + defaults.getClass());
        }
        return new ValidationPart(theirs.toBuilder().mergeFrom(message).build());
    }

    @Override
    public List<DataSource> sources() {
        return Stream.of(
                        DataSources.read(message.hasTrustedCa(), message.getTrustedCa()),
                        DataSources.read(message.hasCrl(), message.getCrl()))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public Optional<String> watchedDirectory() {
        return DataSources.watched(message.hasWatchedDirectory(), message.getWatchedDirectory());
    }

    @Override
    public PartialValidation loaded() throws TlsProblem {
        var loaded = message.toBuilder();
        if (message.hasTrustedCa()) {
            loaded.setTrustedCa(loaded(message.getTrustedCa(), "trusted_ca"));
        }
        if (message.hasCrl()) {
            loaded.setCrl(loaded(message.getCrl(), "crl"));
        }
        return new ValidationPart(loaded.build());
    }

    private static io.envoyproxy.envoy.config.core.v3.DataSource loaded(
            io.envoyproxy.envoy.config.core.v3.DataSource source, String field) throws TlsProblem {
        var read = DataSources.read(true, source);
        return read.isEmpty()
                ? source
                : io.envoyproxy.envoy.config.core.v3.DataSource.newBuilder()
                        .setInlineBytes(
                                ByteString.copyFrom(read.get().loaded(field).read()))
                        .build();
    }

    /** Without what is inline. */
    @Override
    public String toString() {
        return "ValidationPart";
    }
}
