package dev.starling.config.proto.tls;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.tls.CommonTls;
import dev.starling.config.tls.DataSource;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.DownstreamTls.OcspPolicy;
import dev.starling.config.tls.DownstreamTls.Tickets;
import dev.starling.config.tls.Secret;
import dev.starling.config.tls.TicketKey;
import dev.starling.config.tls.TlsProblem;
import dev.starling.config.tls.TlsVersion;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Reads {@code DownstreamTlsContext}. */
final class DownstreamTlsReader {

    private DownstreamTlsReader() {}

    /** Null after a problem. */
    static @Nullable DownstreamTls read(DownstreamTlsContext message, ValidationContext context) {
        var at = context.field("common_tls_context");
        var common = CommonTlsReader.read(message.getCommonTlsContext(), TlsVersion.TLS_1_3, at);
        if (CommonTlsReader.certificates(message.getCommonTlsContext()) == 0) {
            at.field("tls_certificates").problem("No TLS certificates found for server context");
        }
        if (message.getCommonTlsContext().getTlsCertificatesCount() > 0
                && message.getCommonTlsContext().getTlsCertificateSdsSecretConfigsCount() > 0) {
            at.field("tls_certificate_sds_secret_configs")
                    .problem("SDS and non-SDS TLS certificates may not be mixed in server contexts");
        }
        if (common.validates() && !message.hasRequireClientCertificate()) {
            context.warning(
                    "Using deprecated insecure default of not requiring client cert when a validation context is"
                            + " configured. Please explicitly configure a value for require_client_certificate.");
        }
        var policy = policy(message);
        checkStaples(policy, common, at);
        var timeout = DurationReader.readIf(
                message.hasSessionTimeout(), message.getSessionTimeout(), context.field("session_timeout"));
        var tickets = tickets(message, context);
        if (context.failed()) {
            return null;
        }
        return new DownstreamTls(
                common,
                message.getRequireClientCertificate().getValue(),
                tickets,
                !message.getDisableStatefulSessionResumption(),
                timeout,
                policy,
                message.getFullScanCertsOnSniMismatch().getValue(),
                message.getPreferClientCiphers());
    }

    private static OcspPolicy policy(DownstreamTlsContext message) {
        return switch (message.getOcspStaplePolicy()) {
            case LENIENT_STAPLING, UNRECOGNIZED -> OcspPolicy.LENIENT_STAPLING;
            case STRICT_STAPLING -> OcspPolicy.STRICT_STAPLING;
            case MUST_STAPLE -> OcspPolicy.MUST_STAPLE;
        };
    }

    private static void checkStaples(OcspPolicy policy, CommonTls common, ValidationContext context) {
        for (int i = 0; i < common.certificates().size(); i++) {
            if (policy == OcspPolicy.MUST_STAPLE
                    && common.certificates().get(i).ocspStaple().isEmpty()) {
                context.field("tls_certificates", i).problem("Required OCSP response is missing from TLS context");
            }
        }
    }

    private static Tickets tickets(DownstreamTlsContext message, ValidationContext context) {
        return switch (message.getSessionTicketKeysTypeCase()) {
            case SESSION_TICKET_KEYS ->
                new Tickets.Keys(Elements.read(
                        message.getSessionTicketKeys().getKeysList(),
                        context.field("session_ticket_keys"),
                        "keys",
                        DownstreamTlsReader::key));
            case DISABLE_STATELESS_SESSION_RESUMPTION ->
                message.getDisableStatelessSessionResumption() ? Tickets.Kind.NONE : Tickets.Kind.OWN_KEY;
            case SESSION_TICKET_KEYS_SDS_SECRET_CONFIG -> {
                var given = new ArrayList<DataSource>();
                var secret = SdsSecretReader.read(
                        message.getSessionTicketKeysSdsSecretConfig(),
                        Secret.TicketKeys.class,
                        "tls session ticket keys",
                        keys -> given.addAll(keys.keys()),
                        context.field("session_ticket_keys_sds_secret_config"));
                yield secret.isPresent() ? new Tickets.Named(secret.get()) : new Tickets.Keys(given);
            }
            case SESSIONTICKETKEYSTYPE_NOT_SET -> Tickets.Kind.OWN_KEY;
        };
    }

    /** Null after a problem. */
    static @Nullable DataSource key(io.envoyproxy.envoy.config.core.v3.DataSource message, ValidationContext context) {
        var source = DataSources.read(true, message);
        if (source.isEmpty()) {
            return null; // told by the rules of the message
        }
        try {
            TicketKey.load(source.get());
            return source.get();
        } catch (TlsProblem problem) {
            context.problem(String.valueOf(problem.getMessage()));
            return null;
        }
    }
}
