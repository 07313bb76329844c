package dev.starling.config.proto.tls;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.tls.PartialValidation;
import dev.starling.config.tls.PeerValidation;
import dev.starling.config.tls.SdsSecret;
import dev.starling.config.tls.Secret;
import dev.starling.config.tls.TlsProblem;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Reads the {@code validation_context_type} of a {@code CommonTlsContext}. */
final class ValidationContextReader {

    private ValidationContextReader() {}

    /** What was found: the rules, or a secret they will come by, perhaps to be laid over others. */
    record Read(Optional<PeerValidation> rules, Optional<SdsSecret> secret, Optional<PartialValidation> defaults) {

        static final Read NOTHING = new Read(Optional.empty(), Optional.empty(), Optional.empty());

        static Read of(@Nullable PeerValidation rules) {
            return new Read(Optional.ofNullable(rules), Optional.empty(), Optional.empty());
        }
    }

    static Read read(CommonTlsContext message, ValidationContext context) {
        return switch (message.getValidationContextTypeCase()) {
            case VALIDATION_CONTEXT ->
                Read.of(PeerValidationReader.read(message.getValidationContext(), context.field("validation_context")));
            case VALIDATION_CONTEXT_SDS_SECRET_CONFIG ->
                named(
                        message.getValidationContextSdsSecretConfig(),
                        Optional.empty(),
                        context.field("validation_context_sds_secret_config"));
            case COMBINED_VALIDATION_CONTEXT -> {
                var combined = message.getCombinedValidationContext();
                var at = context.field("combined_validation_context");
                var defaults = PeerValidationReader.readPart(
                        combined.getDefaultValidationContext(), at.field("default_validation_context"));
                yield named(
                        combined.getValidationContextSdsSecretConfig(),
                        Optional.ofNullable(defaults),
                        at.field("validation_context_sds_secret_config"));
            }
            // What is left is refused as fields that are not supported.
            default -> Read.NOTHING;
        };
    }

    private static Read named(
            SdsSecretConfig message, Optional<PartialValidation> defaults, ValidationContext context) {
        var given = new AtomicReference<Secret.@Nullable Validation>();
        var secret = SdsSecretReader.read(
                message, Secret.Validation.class, "static certificate validation context", given::set, context);
        var known = given.get();
        if (known == null) {
            return new Read(Optional.empty(), secret, defaults);
        }
        try {
            var rules = defaults.isPresent() ? known.rules().over(defaults.get()) : known.rules();
            return Read.of(rules.rules());
        } catch (TlsProblem problem) {
            context.problem(String.valueOf(problem.getMessage()));
            return Read.NOTHING;
        }
    }
}
