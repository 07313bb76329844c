package dev.starling.config.proto.tls;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.tls.Secret;
import dev.starling.config.tls.StaticSecrets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.extensions.transport_sockets.tls.v3.Secret}. What a secret holds is loaded once to see that it can be. */
public final class SecretReader {

    private SecretReader() {}

    /** {@code static_resources.secrets}. */
    public static StaticSecrets statics(
            List<io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret> messages, ValidationContext context) {
        var known = new HashSet<String>();
        var secrets = new ArrayList<Secret>();
        for (int i = 0; i < messages.size(); i++) {
            var at = context.field("secrets", i);
            var secret = read(messages.get(i), at);
            if (secret == null) {
                continue;
            }
            String kind = kind(secret);
            if (known.add(kind + " " + secret.name())) {
                secrets.add(secret);
            } else {
                at.field("name").problem("Duplicate static " + kind + " secret name " + secret.name());
            }
        }
        return new StaticSecrets(secrets);
    }

    private static String kind(Secret secret) {
        return switch (secret) {
            case Secret.Certificate _ -> "TlsCertificate";
            case Secret.Validation _ -> "CertificateValidationContext";
            case Secret.TicketKeys _ -> "TlsSessionTicketKeys";
            case Secret.Generic _ -> "GenericSecret";
        };
    }

    /** Null after a problem. */
    public static @Nullable Secret read(
            io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret message, ValidationContext context) {
        String name = message.getName();
        return switch (message.getTypeCase()) {
            case TLS_CERTIFICATE -> {
                var source = CommonTlsReader.certificate(message.getTlsCertificate(), context.field("tls_certificate"));
                yield source == null ? null : new Secret.Certificate(name, source);
            }
            case VALIDATION_CONTEXT -> {
                var rules = PeerValidationReader.readPart(
                        message.getValidationContext(), context.field("validation_context"));
                yield rules == null ? null : new Secret.Validation(name, rules);
            }
            case SESSION_TICKET_KEYS -> {
                var at = context.field("session_ticket_keys");
                var keys = Elements.read(
                        message.getSessionTicketKeys().getKeysList(), at, "keys", DownstreamTlsReader::key);
                yield at.failed() ? null : new Secret.TicketKeys(name, keys);
            }
            case GENERIC_SECRET -> new Secret.Generic(name);
            case TYPE_NOT_SET -> {
                context.problem("Secret type not implemented");
                yield null;
            }
        };
    }
}
